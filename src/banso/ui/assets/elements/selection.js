// Rows of a list: this page first, then all that the filter finds.
class Selection extends HTMLElement {
  connectedCallback() {
    this.bar = this.querySelector(".bulk");
    this.every = this.querySelector("input[name=every]");
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-check-page]")) this.#rows.forEach((row) => (row.checked = event.target.checked));
      if (event.target.matches("[data-check-page], .row-check")) this.#tell(false);
    });
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-select-every]")) this.#tell(true);
      if (event.target.closest("[data-select-none]")) {
        this.#rows.forEach((row) => (row.checked = false));
        this.#tell(false);
      }
    });
    document.addEventListener("htmx:after:swap", () => this.#tell(false));
    this.#tell(false);
  }

  get #rows() {
    return [...this.querySelectorAll(".row-check")];
  }

  #tell(every) {
    const rows = this.#rows;
    const chosen = rows.filter((row) => row.checked).length;
    const total = Number(this.dataset.total ?? rows.length);
    const head = this.querySelector("[data-check-page]");
    if (head) {
      head.checked = rows.length > 0 && chosen === rows.length;
      head.indeterminate = chosen > 0 && chosen < rows.length;
    }
    if (!this.bar) return;
    this.bar.hidden = chosen === 0;
    this.every.value = every ? "1" : "";
    const count = (every ? total : chosen).toLocaleString(document.documentElement.lang);
    this.bar.querySelector("[data-sentence]").textContent = this.bar.dataset.sentence.replace("{count}", count);
    const more = this.bar.querySelector("[data-select-every]");
    if (more) more.hidden = every || chosen < rows.length || total <= rows.length;
  }
}
customElements.define("banso-selection", Selection);
