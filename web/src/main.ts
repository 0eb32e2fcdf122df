import { Session } from "./state/session";
import "./ui/app";
import type { LegatoApp } from "./ui/app";

const address = new URL("ws", document.baseURI);
address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
address.search = location.search; // `?format=float32` asks for unrounded samples

const session = new Session(address.href);
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
