// Dialogs and menus: opened by data-opens="id", closed by data-closes, Escape or a click beside them.
import { isTyping } from "./typing.js";

export function open(dialog) {
  if (!dialog || dialog.open) return;
  if (dialog.hasAttribute("data-beside")) dialog.show();
  else dialog.showModal();
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const opener = target.closest("[data-opens]");
  if (opener) open(document.getElementById(opener.dataset.opens));
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement && !target.hasAttribute("data-beside")) target.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target) || target.closest(".menu-item")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") {
    const beside = document.querySelector("dialog[data-beside][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (beside && !document.querySelector("dialog:modal")) beside.close();
    return;
  }
  if (!menu || isTyping(event) || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...menu.querySelectorAll(".menu-item")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  event.preventDefault();
});

// A menu opens towards the side that has the room.
document.addEventListener("toggle", ({ target: menu }) => {
  if (!menu.matches?.("details.menu:not(.menu-start), details.menu[data-turned]")) return;
  // Closed, it turns back: the screen may be another when it is opened again.
  menu.classList.remove("menu-start");
  delete menu.dataset.turned;
  if (!menu.open || !(menu.querySelector(".menu-panel, .menu-list")?.getBoundingClientRect().left < 0)) return;
  menu.classList.add("menu-start");
  menu.dataset.turned = "";
}, true);

// What htmx puts into a preview opens it.
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  const dialog = target instanceof Element ? target.closest("dialog[data-opens-when-filled]") : null;
  if (dialog) open(dialog);
});
