import { defineConfig } from "vitest/config";

// Stable names and relative paths: the built page is committed inside the Python package, and a fresh build
// must give the same bytes.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/legato/serving/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: "assets/[name].js", chunkFileNames: "assets/[name].js", assetFileNames: "assets/[name][extname]" },
    },
  },
  worker: {
    format: "es",
    rollupOptions: { output: { entryFileNames: "assets/[name].js" } },
  },
  test: { testTimeout: 60_000, hookTimeout: 60_000 }, // for busy machines
  server: { proxy: { "/ws": { target: "ws://127.0.0.1:8765", ws: true } } },
});
