// A file field that also takes a dropped file and says what it holds.
class Drop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const area = this.querySelector(".drop");
    const name = this.querySelector(".drop-name");
    const none = name.textContent;
    const tell = () => {
      const file = input.files[0];
      name.textContent = file ? `${file.name} (${this.#size(file.size)})` : none;
      name.classList.toggle("muted", !file);
    };
    input.addEventListener("change", tell);
    for (const type of ["dragenter", "dragover"]) {
      area.addEventListener(type, (event) => {
        event.preventDefault();
        area.classList.add("is-over");
      });
    }
    for (const type of ["dragleave", "drop"]) area.addEventListener(type, () => area.classList.remove("is-over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    tell();
  }

  #size(bytes) {
    const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
    const amount = bytes < 1e6 ? bytes / 1e3 : bytes / 1e6;
    return amount.toLocaleString(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 });
  }
}
customElements.define("banso-drop", Drop);
