// Rows of a scorecard: the curve of each measure is drawn as it is typed, and weights are shown as shares of all.
class Points extends HTMLElement {
  connectedCallback() {
    this.row = this.closest("[data-measure]");
    this.line = this.querySelector("polyline");
    this.row.addEventListener("input", () => this.draw());
    this.draw();
  }

  draw() {
    const typed = (name) => this.row.querySelector(`[data-figure=${name}]`)?.value ?? "";
    const pairs = typed("corners").split(/[,、]/).map((one) => one.split("=").map(Number)).filter((one) => one.length === 2);
    if (typed("zero") !== "") pairs.push([Number(typed("zero")), 0]);
    if (typed("hundred") !== "") pairs.push([Number(typed("hundred")), 100]);
    const known = pairs.filter((pair) => pair.every(Number.isFinite)).sort((one, other) => one[0] - other[0]);
    if (known.length < 2) return this.line.setAttribute("points", "");
    const first = known[0][0];
    const width = known.at(-1)[0] - first || 1;
    const at = (value, points) => `${(4 + (92 * (value - first)) / width).toFixed(1)},${(44 - points * 0.4).toFixed(1)}`;
    const corners = known.flatMap(([value, points], place) =>
      typed("shape") === "steps" && place ? [at(value, known[place - 1][1]), at(value, points)] : [at(value, points)],
    );
    this.line.setAttribute("points", corners.join(" "));
  }
}

class Shares extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.tell());
    this.addEventListener("change", () => this.tell());
    this.tell();
  }

  tell() {
    const rows = [...this.querySelectorAll("[data-measure]")].map((row) => ({
      weight: row.querySelector("[name$=-DELETE]")?.checked ? 0 : Number(row.querySelector("[data-figure=weight]").value) || 0,
      output: row.querySelector("output"),
    }));
    const total = rows.reduce((sum, row) => sum + row.weight, 0);
    for (const row of rows) row.output.textContent = total ? `${((100 * row.weight) / total).toFixed(1)}%` : "–";
  }
}

customElements.define("banso-points", Points);
customElements.define("banso-shares", Shares);
