import { Session } from "./state/session";
import "./ui/app";
import type { LegatoApp } from "./ui/app";
import { showTheme } from "./ui/theme";

showTheme();

const address = new URL("ws", document.baseURI);
address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
// In the page's address, `?format=float32` asks for unrounded samples and `?buffer=300` for a deeper buffer (ms).
const wishes = new URLSearchParams(location.search);
address.search = wishes.has("format") ? `format=${encodeURIComponent(wishes.get("format") ?? "")}` : "";
const bufferMs = Number(wishes.get("buffer"));

const session = new Session(address.href, bufferMs >= 20 && bufferMs <= 2000 ? bufferMs / 1000 : undefined);
const app = document.querySelector<LegatoApp>("legato-app");
if (app) app.session = session;

/** For tests and the curious: counters of the audio thread, and what it puts out. */
const legato = {
  session,
  get stats() {
    return session.player.stats;
  },
  capture: (frames: number) => session.player.capture(frames),
};
Object.assign(window, { legato });
