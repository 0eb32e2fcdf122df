/** Small line drawings for buttons, 24 × 24, in the colour of the words around them. */

import { html, svg, type TemplateResult } from "lit";

const draw = (paths: string[]) =>
  html`<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    ${paths.map((d) => svg`<path d=${d} />`)}
  </svg>`;

const dot = (x: number, y: number) => `M${x} ${y}h.01`;

export const icons = {
  undo: draw(["M4 9h10a5.5 5.5 0 0 1 0 11h-3", "M8 5 4 9l4 4"]),
  redo: draw(["M20 9H10a5.5 5.5 0 0 0 0 11h3", "m16 5 4 4-4 4"]),
  dice: draw(["M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z", dot(8.5, 8.5), dot(15.5, 8.5), dot(12, 12), dot(8.5, 15.5), dot(15.5, 15.5)]),
  midi: draw(["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", dot(7.5, 12), dot(8.8, 8.8), dot(15.2, 8.8), dot(16.5, 12), dot(12, 7.5), "M10 20.5v-2h4v2"]),
  theme: draw(["M12 4a8 8 0 1 0 0 16V4Z", "M12 4a8 8 0 0 1 0 16"]),
  help: draw(["M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-.9.5-1.5 1.2-1.5 2.3", dot(12, 17.5), "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z"]),
  fold: draw(["m6 14.5 6-6 6 6"]),
  lock: draw(["M6.5 11h11v9h-11Z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"]),
  unlock: draw(["M6.5 11h11v9h-11Z", "M8.5 11V7.5a3.5 3.5 0 0 1 6.800-1"]),
  restart: draw(["M5 5v14", "M19 6v12l-9-6 9-6Z"]),
  panic: draw(["M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7l5-5Z", "M12 8v5", dot(12, 16)]),
  mark: draw(["M6 21V4h12l-3 4.5 3 4.5H6"]),
  keep: draw(["M4.5 12a7.5 7.5 0 1 0 2.400-5.5", "M4.5 3.5v4h4", "M12 8v4.5l2.5 1.5"]),
} satisfies Record<string, TemplateResult>;
