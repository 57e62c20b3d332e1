// The chosen theme is a cookie, so that the server sends the right page at once; "system" forgets it.
const YEAR = 31536000;

function choose(theme) {
  const root = document.documentElement;
  if (theme === "system") {
    delete root.dataset.theme;
    document.cookie = "theme=; Path=/; Max-Age=0; SameSite=Lax";
  } else {
    root.dataset.theme = theme;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
  }
  mark();
  document.dispatchEvent(new CustomEvent("banso:theme"));
}

function mark() {
  const now = document.documentElement.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice]");
  if (button) choose(button.dataset.themeChoice);
});
window
  .matchMedia("(prefers-color-scheme: dark)")
  .addEventListener("change", () => document.dispatchEvent(new CustomEvent("banso:theme")));
mark();
