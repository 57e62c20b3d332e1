// Talk with the server through htmx: one place for the CSRF token and for answers that must not be swapped in.
import htmx from "htmx.org/dist/htmx.esm.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

// 4xx but 422 (a form with its errors) and 5xx never replace a part of the page.
htmx.config.noSwap = [204, 304, 401, 403, 404, 405, 409, 413, 429, "5xx"];
htmx.config.includeIndicatorCSS = false;
htmx.config.history = true;

document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx?.response?.raw?.status ?? 0;
  if (status === 422) return;
  if (status === 401) window.location.reload();
  const name = { 403: "error_403", 404: "error_404", 429: "error_429" }[status] ?? "error_server";
  toast(say(name), "poor");
});

document.addEventListener("htmx:error", () => toast(say("error_offline"), "poor"));
