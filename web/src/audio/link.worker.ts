/** The network thread of the page: sound goes straight to the audio thread, text to the page.
 *
 *  A page that is busy drawing therefore never delays a sample.
 */

import type { FromLink, Position, ToLink } from "./messages";
import { parsePacket } from "./packet";
import { RoundTrip } from "./round-trip";

let socket: WebSocket | null = null;
let way = new RoundTrip();
let audio: MessagePort | null = null;

const tell = (message: FromLink) => postMessage(message);

onmessage = (event: MessageEvent<ToLink>) => {
  const message = event.data;
  if (message.kind === "open") connect(message.url);
  else if (message.kind === "audio") listenTo(message.port);
  else if (message.kind === "send") send(message.text);
  else if (message.kind === "ping") ping();
  else socket?.close(1000, "bye");
};

function listenTo(port: MessagePort): void {
  audio?.close();
  audio = port;
  audio.onmessage = (event: MessageEvent<Position>) => ping(event.data);
}

function ping(position?: Position): void {
  send(JSON.stringify({ type: "ping", time: performance.now(), ...position, round_trip_ms: way.least ?? 0 }));
}

function send(text: string): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(text);
}

function connect(url: string): void {
  const opened = new WebSocket(url);
  socket = opened;
  way = new RoundTrip();
  opened.binaryType = "arraybuffer";
  opened.onopen = () => {
    tell({ kind: "opened" });
    ping(); // how long the way is, is then known when sound begins
  };
  opened.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    if (typeof event.data === "string") receiveText(event.data);
    else receiveAudio(event.data);
  };
  opened.onclose = (event) => {
    if (socket !== opened) return;
    socket = null;
    tell({ kind: "closed", code: event.code, reason: event.reason });
  };
}

function receiveAudio(data: ArrayBuffer): void {
  try {
    const packet = parsePacket(data);
    audio?.postMessage(packet, [packet.samples.buffer]);
  } catch (error) {
    tell({ kind: "bad-audio", reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Pongs are timed here: this thread's clock stamped the ping. */
function receiveText(text: string): void {
  if (!text.startsWith('{"type":"pong"')) {
    tell({ kind: "text", text });
    return;
  }
  const { time } = JSON.parse(text) as { time: number };
  const milliseconds = performance.now() - time;
  way.note(milliseconds);
  tell({ kind: "round-trip", milliseconds });
}
