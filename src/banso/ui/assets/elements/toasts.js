// Short news of success and of background work; they stay while pointed at or focused.
import { say } from "./words.js";

const SHOWN_MS = 6000;

class Toasts extends HTMLElement {
  connectedCallback() {
    for (const item of this.children) this.#expire(item);
    new MutationObserver((changes) => {
      for (const change of changes) change.addedNodes.forEach((node) => node instanceof HTMLElement && this.#expire(node));
    }).observe(this, { childList: true });
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-dismiss]")) event.target.closest(".toast")?.remove();
    });
  }

  #expire(item) {
    if (item.hasAttribute("data-stays")) return;
    const later = () => setTimeout(() => (item.matches(":hover, :focus-within") ? later() : item.remove()), SHOWN_MS);
    later();
  }
}
customElements.define("banso-toasts", Toasts);

export function toast(text, tone = "good") {
  const place = document.querySelector("banso-toasts");
  if (!place) return;
  const item = document.createElement("div");
  item.className = `toast is-${tone}`;
  const sentence = document.createElement("p");
  sentence.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-plain btn-small";
  close.dataset.dismiss = "";
  close.textContent = say("close");
  item.append(sentence, close);
  place.append(item);
}
// The server may ask for one with the HX-Trigger header: {"banso:toast": {"text": "…"}}.
document.addEventListener("banso:toast", (event) => toast(event.detail.text, event.detail.tone));
