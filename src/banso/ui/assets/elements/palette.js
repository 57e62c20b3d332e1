// Ctrl/⌘+K: any account, page or action, found by typing.
import { open } from "./dialogs.js";
import { say } from "./words.js";

const WAIT_MS = 120;

class Palette extends HTMLElement {
  #asked = 0;
  #timer;

  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.state = this.querySelector("[role=status]");
    this.input.addEventListener("input", (event) => event.isComposing || this.#ask());
    this.input.addEventListener("compositionend", () => this.#ask());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#go(event.target.closest("[role=option]")));
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#show();
    });
    document.addEventListener("click", (event) => event.target.closest?.("[data-palette]") && this.#show());
  }

  #show() {
    open(this.dialog);
    this.input.select();
    this.#ask();
  }

  #pages(query) {
    const links = [...document.querySelectorAll("a[data-palette-entry]"), ...document.querySelectorAll("button[data-palette-entry]")];
    return links
      .map((link) => ({
        label: link.dataset.paletteEntry || link.textContent.trim(), hint: say(link.href ? "page" : "action"), url: link.href ?? "", element: link,
      }))
      .filter((entry) => entry.label.toLowerCase().includes(query.toLowerCase()));
  }

  #ask() {
    const query = this.input.value.trim();
    const pages = this.#pages(query);
    this.#draw(pages);
    clearTimeout(this.#timer);
    if (!query || !this.dataset.src) return;
    this.#timer = setTimeout(async () => {
      const turn = ++this.#asked;
      try {
        const answer = await fetch(`${this.dataset.src}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
        if (answer.ok && turn === this.#asked) this.#draw([...(await answer.json()), ...pages]);
      } catch {
        this.state.textContent = say("error_offline");
      }
    }, WAIT_MS);
  }

  #draw(entries) {
    this.entries = entries.slice(0, 12);
    this.list.replaceChildren(...this.entries.map((entry, index) => this.#option(entry, index)));
    this.state.textContent = this.entries.length ? say("found", { count: this.entries.length }) : say("found_none");
    this.#choose(0);
  }

  #option(entry, index) {
    const option = document.createElement("li");
    option.id = `palette-${index}`;
    option.setAttribute("role", "option");
    const label = document.createElement("span");
    label.textContent = entry.label;
    const hint = document.createElement("span");
    hint.className = "palette-hint";
    hint.textContent = entry.hint ?? "";
    option.append(label, hint);
    return option;
  }

  #choose(index) {
    const options = [...this.list.children];
    this.at = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === this.at)));
    this.input.setAttribute("aria-activedescendant", options[this.at]?.id ?? "");
    options[this.at]?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") this.#choose(this.at + 1);
    else if (event.key === "ArrowUp") this.#choose(this.at - 1);
    else if (event.key === "Enter") this.#go(this.list.children[this.at]);
    else return;
    event.preventDefault();
  }

  #go(option) {
    const entry = option && this.entries[[...this.list.children].indexOf(option)];
    if (!entry) return;
    this.dialog.close();
    if (entry.url) window.location.assign(entry.url);
    else entry.element.click();
  }
}
customElements.define("banso-palette", Palette);
