import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/banso/ui/assets",
  // Relative, so that lazy chunks are found under any STATIC_URL.
  base: "./",
  plugins: [tailwindcss()],
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    // These know light-dark() and nesting; older ones would get a copy of every rule.
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    // ECharts alone is over Vite's default; budgets are checked by the tests of ui.
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: { main: "src/banso/ui/assets/main.js" } },
  },
});
