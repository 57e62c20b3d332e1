// Measures a page against the budgets; each function returns a list of sentences, empty where all is well.
(() => {
  const MOST_NODES = 6000;
  const MOST_CLASSES = 8;
  const SMALLEST = 24;
  const KB = 1024;
  const PLAIN_KB = 80;
  const CHARTS_KB = 350;
  const OPERATED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]";

  const isSeen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true });
  const named = (element) => element.outerHTML.slice(0, 120).replaceAll("\n", " ");

  function shifts() {
    const found = [];
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: "layout-shift", buffered: true });
    for (const entry of observer.takeRecords()) {
      if (entry.hadRecentInput) continue;
      const moved = entry.sources.map((source) => (source.node?.nodeType === 1 ? named(source.node) : String(source.node?.textContent)));
      found.push(`the layout shifted by ${entry.value.toFixed(4)}: ${moved.join(" · ")}`);
    }
    observer.disconnect();
    return found;
  }

  function weight() {
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const own = parts.filter((part) => part.name.startsWith(location.origin) && !["fetch", "xmlhttprequest"].includes(part.initiatorType));
    return own.reduce((sum, part) => sum + part.encodedBodySize, 0);
  }

  function budgets() {
    const found = shifts();
    const nodes = document.querySelectorAll("*").length;
    if (nodes >= MOST_NODES) found.push(`${nodes} nodes`);
    const most = document.querySelector("banso-chart") ? CHARTS_KB : PLAIN_KB;
    const kb = weight() / KB;
    if (kb > most) found.push(`${kb.toFixed(1)} KB at first load, ${most} at most`);
    if (document.documentElement.outerHTML.includes("<c-")) found.push("a component was left as it is written");
    for (const element of document.querySelectorAll("[class]"))
      if (element.classList.length > MOST_CLASSES) found.push(`more than ${MOST_CLASSES} classes: ${named(element)}`);
    return found;
  }

  // A link inside a sentence may be as low as its line; everything else is as large as a finger or a tremor needs.
  function small() {
    const found = new Map();
    for (const element of document.querySelectorAll(OPERATED)) {
      if (!isSeen(element) || element.disabled || getComputedStyle(element).display === "inline") continue;
      const label = element.closest("label");
      const box = element.getBoundingClientRect();
      const around = getComputedStyle(element, "::after");
      const grown = around.position === "absolute" && around.content !== "none" ? around : null;
      const more = (side) => Math.max(0, -parseFloat(grown?.[side] ?? "0") || 0);
      const width = Math.max(box.width + more("left") + more("right"), label?.offsetWidth ?? 0);
      const height = Math.max(box.height + more("top") + more("bottom"), label?.offsetHeight ?? 0);
      if (box.width > 1 && (width < SMALLEST - 0.5 || height < SMALLEST - 0.5))
        found.set(element.className, `${width.toFixed(0)} × ${height.toFixed(0)} px to press: ${named(element)}`);
    }
    return [...found.values()];
  }

  // Charts take their new size in the frame after the window has.
  async function beyond() {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const root = document.documentElement;
    const wide = root.scrollWidth - root.clientWidth;
    if (wide <= 0) return [];
    const last = [...document.body.querySelectorAll("*")].filter((one) => isSeen(one) && one.getBoundingClientRect().right > root.clientWidth).slice(0, 3);
    return [`${wide} px run off the screen of ${root.clientWidth}: ${last.map(named).join(" · ")}`];
  }

  const kind = (element) => (element.dataset.opens ?? element.textContent.trim() + (element.ariaLabel ?? "")).replaceAll(/\d+/g, "#");

  // Everything that opens: menus, folded parts, dialogs; rows of a list bring the same one over and over, so one of each kind.
  function openers() {
    const found = new Map();
    const all = [...document.querySelectorAll("details:not(details details) > summary, [data-opens]")];
    all.forEach((element, at) => {
      if (isSeen(element) && !found.has(kind(element))) found.set(kind(element), at);
    });
    return [...found];
  }

  async function opened(at) {
    const element = [...document.querySelectorAll("details:not(details details) > summary, [data-opens]")][at];
    element.scrollIntoView({ block: "center" });
    element.click();
    // A folded part tells that it opened in a task of its own.
    await new Promise((done) => setTimeout(done));
    const region = element.dataset.opens ? document.getElementById(element.dataset.opens) : element.parentElement;
    const panel = element.dataset.opens ? region : (region.querySelector(".menu-panel, .menu-list") ?? region);
    const box = panel.getBoundingClientRect();
    const off = box.left < -0.5 || box.right > innerWidth + 0.5 ? [`what opens runs off the screen (${box.left.toFixed(0)} to ${box.right.toFixed(0)}): ${named(element)}`] : [];
    region.dataset.walked = "";
    return [...off, ...small()];
  }

  function close() {
    const region = document.querySelector("[data-walked]");
    delete region?.dataset.walked;
    if (region?.matches("dialog")) region.close();
    else if (region) region.open = false;
  }

  const links = () => [...document.querySelectorAll("a[href]")].filter((link) => link.origin === location.origin).map((link) => link.pathname + link.search);

  window.measuring = { budgets, small, beyond, openers, opened, close, links };
})();
