/** Light, dark, or as the system says. */

const STORED = "legato.theme";
export const THEMES = ["auto", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

const system = window.matchMedia("(prefers-color-scheme: light)");

export function theme(): Theme {
  return THEMES.find((name) => name === localStorage.getItem(STORED)) ?? "auto";
}

export function nextTheme(): Theme {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] as Theme;
  localStorage.setItem(STORED, next);
  showTheme();
  return next;
}

/** Puts the theme on the page; for canvases an event says that their colours have changed. */
export function showTheme(): void {
  const chosen = theme();
  document.documentElement.dataset.theme = chosen === "auto" ? (system.matches ? "light" : "dark") : chosen;
  window.dispatchEvent(new Event("legato-theme"));
}

system.addEventListener("change", showTheme);
