// Single keys, only while nobody types: ? lists them, / goes to the search, j and k walk the rows, p looks into one beside the list, g + letter opens a page.
import { open } from "./dialogs.js";
import { isTyping } from "./typing.js";

let waitsForPage = false;

function walk(step) {
  const links = [...document.querySelectorAll("table[data-rows] tbody th a")].filter((link) => link.offsetParent);
  if (!links.length) return;
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  for (const link of links) link.closest("tr").classList.toggle("is-current", link === next);
  next.focus();
}

function inRow(selector) {
  return document.activeElement?.closest("tr")?.querySelector(selector);
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog:modal")) return;
  if (waitsForPage) {
    waitsForPage = false;
    document.querySelector(`[data-goes="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "?") open(document.getElementById("shortcuts"));
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "x") inRow(".row-check")?.click();
  else if (event.key === "p" && inRow("[data-preview]")) inRow("[data-preview]").click();
  else if (event.key === "g") waitsForPage = true;
  else if (event.key === "/") {
    const search = document.querySelector("main [data-focus-key='/'], main input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  } else document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`)?.click();
});
