// A chart that loads its drawing code only when it comes into view, and follows the theme.
class Chart extends HTMLElement {
  connectedCallback() {
    this.spec = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
    this.canvas = this.querySelector(".chart-canvas");
    this.again = () => this.#draw();
    document.addEventListener("banso:theme", this.again);
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen.disconnect();
      this.#draw();
    }, { rootMargin: "200px" });
    this.seen.observe(this);
  }

  disconnectedCallback() {
    document.removeEventListener("banso:theme", this.again);
    this.seen.disconnect();
    this.sized?.disconnect();
    this.drawn?.dispose();
  }

  async #draw() {
    const { draw, fit } = await import("./chart-drawing.js");
    if (!this.isConnected) return;
    this.drawn?.dispose();
    this.drawn = draw(this.canvas, this.spec);
    this.sized ??= new ResizeObserver(() => fit(this.drawn, this.canvas, this.spec));
    this.sized.observe(this.canvas);
    this.dataset.drawn = "";
  }
}
customElements.define("banso-chart", Chart);
