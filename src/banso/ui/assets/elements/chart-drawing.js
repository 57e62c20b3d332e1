// From a chart's few facts (kind, x, series, unit) to ECharts, in the colours of the theme.
import { BarChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, SankeyChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const PALETTE = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
const DASHES = ["solid", "dashed", "dotted"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const FONT_SIZE = 12;
const MARK_WIDTH = 27; // the line with its symbol, and the gap to the name
const ITEM_GAP = 10;

// Tokens are light-dark(): only a used colour says which of the two it is. A transition, were one to begin, would answer with the colour before.
function tokens(element) {
  const probe = document.createElement("span");
  probe.style.setProperty("transition", "none", "important");
  element.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ink: read("--ink"), muted: read("--ink-muted"), line: read("--hairline"), ground: read("--overlay"), colors: PALETTE.map(read),
    tone: Object.fromEntries(["good", "normal", "poor", "unknown", "warn"].map((tone) => [tone, read(`--${tone}`)])),
  };
  probe.remove();
  return found;
}

function oneSeries(item, place, spec, token) {
  const color = item.tone ? token.tone[item.tone] : token.colors[place % token.colors.length];
  const isLine = (item.kind ?? spec.kind) === "line" || spec.kind === "area";
  const made = { name: item.name, type: isLine ? "line" : "bar", data: item.values, itemStyle: { color }, animation: false };
  if (spec.stacked) made.stack = "all";
  if (isLine) {
    Object.assign(made, {
      symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 5, showSymbol: item.values.length <= 16, connectNulls: false,
      lineStyle: { width: 2, color, type: DASHES[place % DASHES.length] },
    });
    if (spec.kind === "area") made.areaStyle = { color, opacity: 0.15 };
  } else made.barMaxWidth = 28;
  if (place === 0 && spec.marks?.length) {
    made.markLine = {
      symbol: "none", silent: true, label: { color: token.muted, formatter: "{b}", distance: 8 }, lineStyle: { color: token.muted, type: "dashed" },
      data: spec.marks.map((mark) => ({ name: mark.label, ...(mark.x === undefined ? { yAxis: mark.y, label: { position: "insideEndTop", distance: 2 } } : { xAxis: mark.x }) })),
    };
  }
  return made;
}

// The legend breaks into as many rows as its names need; the plot begins below them.
function topOf(element, spec) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.font = `${FONT_SIZE}px ${getComputedStyle(element).fontFamily}`;
  const names = spec.series.length > 1 ? spec.series.map((one) => one.name) : [];
  let rows = names.length ? 1 : 0;
  let used = 0;
  for (const name of names) {
    const wide = MARK_WIDTH + pen.measureText(name).width;
    if (used && used + wide > element.clientWidth) [rows, used] = [rows + 1, 0];
    used += wide + ITEM_GAP;
  }
  return 14 + 20 * rows + (spec.marks?.length ? 12 : 0);
}

// What moved from the left (x) to the right (series): a band for each pair that anything moved between.
function flow(spec, token, text, number) {
  const left = spec.x.map((name, place) => ({ name: `from ${place}`, shown: name, depth: 0, itemStyle: { color: token.colors[0] }, label: { position: "right" } }));
  const right = spec.series.map((one, place) => ({ name: `to ${place}`, shown: one.name, depth: 1, itemStyle: { color: token.colors[1] }, label: { position: "left" } }));
  const shown = Object.fromEntries([...left, ...right].map((one) => [one.name, one.shown]));
  const links = spec.series.flatMap((one, to) => one.values.map((value, from) => ({ source: `from ${from}`, target: `to ${to}`, value })).filter((link) => link.value));
  return {
    type: "sankey", left: 4, right: 4, top: 8, bottom: 8, nodeWidth: 10, nodeGap: 14, draggable: false, layoutIterations: 24, animation: false,
    data: [...left, ...right], links, emphasis: { focus: "adjacency" },
    label: { ...text, color: token.ink, formatter: (one) => shown[one.name] },
    lineStyle: { color: token.colors[0], opacity: 0.25, curveness: 0.5 },
    tooltip: { formatter: (one) => `${one.dataType === "edge" ? `${shown[one.data.source]} → ${shown[one.data.target]}` : shown[one.name]}: ${number(one.value)} ${spec.unit ?? ""}` },
  };
}

export function fit(chart, element, spec) {
  chart.resize();
  if (spec.kind === "flow") return;
  chart.setOption({ grid: { top: topOf(element, spec) } });
}

export function draw(element, spec) {
  const token = tokens(element);
  const locale = document.documentElement.lang;
  const text = { color: token.muted, fontFamily: getComputedStyle(element).fontFamily, fontSize: FONT_SIZE };
  const number = (value) => (value == null ? "—" : Number(value).toLocaleString(locale, { maximumFractionDigits: 2 }));
  const short = (value) => Number(value).toLocaleString(locale, { notation: "compact" });
  const category = { type: "category", data: spec.x, axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: token.line } }, axisTick: { show: false } };
  const value = { type: "value", axisLabel: { ...text, formatter: short }, splitLine: { lineStyle: { color: token.line } }, min: spec.min, max: spec.max };
  const chart = init(element, null, { renderer: "svg" });
  const common = { animation: false, textStyle: text, aria: { enabled: false } };
  const tip = { renderMode: "richText", confine: true, backgroundColor: token.ground, borderColor: token.line, textStyle: { ...text, color: token.ink } };
  if (spec.kind === "flow") chart.setOption({ ...common, tooltip: { ...tip, trigger: "item" }, series: [flow(spec, token, text, number)] });
  else chart.setOption({
    ...common,
    grid: { left: 8, right: 16, top: topOf(element, spec), bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: spec.series.length > 1, top: 0, left: 0, textStyle: { ...text, color: token.ink }, itemWidth: 22, itemHeight: 8 },
    tooltip: { ...tip, trigger: "axis", valueFormatter: (amount) => `${number(amount)}${spec.unit ? ` ${spec.unit}` : ""}` },
    xAxis: spec.horizontal ? value : category,
    yAxis: spec.horizontal ? { ...category, inverse: true } : value,
    series: spec.series.map((item, place) => oneSeries(item, place, spec, token)),
  });
  element.querySelector("svg")?.setAttribute("aria-hidden", "true");
  return chart;
}
