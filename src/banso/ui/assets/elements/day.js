// A field for a day: typed as people write it, or chosen from the browser's calendar, which fills in what would be typed.
class Day extends HTMLElement {
  connectedCallback() {
    const typed = this.querySelector("input");
    const button = this.querySelector("button");
    if (!("showPicker" in HTMLInputElement.prototype)) return;
    const calendar = document.createElement("input");
    calendar.type = "date";
    calendar.tabIndex = -1;
    calendar.setAttribute("aria-hidden", "true");
    calendar.className = "day-calendar";
    this.append(calendar);
    button.hidden = false;
    button.disabled = typed.disabled;
    button.addEventListener("click", () => {
      calendar.value = this.#day(typed.value);
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      typed.value = calendar.value.replaceAll("-", "/");
      for (const type of ["input", "change"]) typed.dispatchEvent(new Event(type, { bubbles: true }));
      typed.focus();
    });
  }

  disconnectedCallback() {
    this.querySelector(".day-calendar")?.remove();
  }

  // What is typed otherwise is read by the server; the calendar then opens on today.
  #day(text) {
    const parts = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text.normalize("NFKC").trim());
    return parts ? `${parts[1]}-${parts[2].padStart(2, "0")}-${parts[3].padStart(2, "0")}` : "";
  }
}
customElements.define("banso-day", Day);
