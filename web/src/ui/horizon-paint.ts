/** Painting for the timeline: pure functions of a 2-D context and what to show. */

import type { Heard } from "../state/history";
import { FAMILIES, type Bar } from "../state/protocol";

export interface View {
  width: number;
  height: number;
  /** The beat at the now-line. */
  beat: number;
  nowX: number;
  perBeat: number;
  middle: number;
  colours: Colours;
}

/** Each as "red, green, blue". */
export interface Colours {
  mine: string;
  /** Words on it. */
  onMine: string;
  conductor: string;
  text: string;
  faint: string;
  ground: string;
  /** Of the loudest in the spectrum. */
  hot: string;
}

/** Height of the band's lanes. */
export const LANES = 24;
const SCORE = '"Iowan Old Style", Palatino, "Book Antiqua", Georgia, "Times New Roman", serif';

export const xOf = (view: View, beat: number) => view.nowX + (beat - view.beat) * view.perBeat;

/** Height of a level (0 … 1) on screen: 50 dB of range. */
function reach(view: View, level: number): number {
  const decibels = 20 * Math.log10(Math.max(level, 1e-5));
  return Math.max(0, (decibels + 50) / 50) * view.height * 0.3;
}

/** The page's colours as the canvas needs them. */
export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const numbers = (name: string) => {
    const hex = style.getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(", ");
  };
  return {
    mine: numbers("--mine-fill"),
    onMine: numbers("--on-mine"),
    conductor: numbers("--conductor-fill"),
    text: numbers("--text"),
    faint: numbers("--faint"),
    ground: numbers("--ink"),
    hot: numbers("--hot"),
  };
}

/** What was heard, as a ribbon around the middle that fades into the past. */
export function paintRibbon(context: CanvasRenderingContext2D, view: View, heard: Heard[]): void {
  const points = heard.map((h) => ({ x: xOf(view, h.beat), y: reach(view, h.level), p: reach(view, h.peak) }));
  const shown = points.filter((point) => point.x > -20 && point.x <= view.nowX + 2);
  const last = shown.at(-1);
  if (shown.length < 2 || !last) return;
  if (last.x > view.nowX - view.perBeat) shown.push({ ...last, x: view.nowX }); // reports come a moment late
  for (const [key, strength] of [["p", 0.22], ["y", 0.8]] as const) {
    const fade = context.createLinearGradient(0, 0, view.nowX, 0);
    fade.addColorStop(0, `rgba(${view.colours.mine}, 0)`);
    fade.addColorStop(0.55, `rgba(${view.colours.mine}, ${0.35 * strength})`);
    fade.addColorStop(1, `rgba(${view.colours.mine}, ${strength})`);
    context.fillStyle = fade;
    context.beginPath();
    for (const point of shown) context.lineTo(point.x, view.middle - point[key] - 0.75);
    for (const point of shown.toReversed()) context.lineTo(point.x, view.middle + point[key] + 0.75);
    context.fill();
  }
}

/** What is planned: the loudness to come, as a soft outline. */
export function contour(context: CanvasRenderingContext2D, view: View, bars: Bar[]): void {
  if (bars.length === 0) return;
  const fade = context.createLinearGradient(view.nowX, 0, view.width, 0);
  fade.addColorStop(0, `rgba(${view.colours.conductor}, 0.2)`);
  fade.addColorStop(1, `rgba(${view.colours.conductor}, 0.03)`);
  context.fillStyle = fade;
  for (const bar of bars) {
    const left = Math.max(view.nowX, xOf(view, bar.start_beat));
    const right = xOf(view, bar.start_beat + bar.beats) - 2;
    const half = view.height * (0.03 + 0.16 * bar.loudness);
    if (right <= left) continue;
    context.beginPath();
    context.roundRect(left, view.middle - half, right - left, 2 * half, 5);
    context.fill();
  }
}

/** One bar: its line, its chords, and a thin lane for each family that plays. */
export function paintBar(context: CanvasRenderingContext2D, view: View, bar: Bar, spell: (name: string, key: string) => string): void {
  const x = xOf(view, bar.start_beat);
  const dim = x < view.nowX - 1 ? 0.4 : 1;
  context.fillStyle = `rgba(${view.colours.text}, ${0.12 * dim})`;
  context.fillRect(x - 0.5, 46, 1, view.height - 46);
  paintLanes(context, view, bar);
  context.font = `21px ${SCORE}`;
  let free = -Infinity; // where the last name ended: close ones are left out rather than overprinted
  for (const [start, name] of bar.chords) {
    const at = xOf(view, bar.start_beat + start) + 7;
    if (at < free) continue;
    context.fillStyle = `rgba(${view.colours.text}, ${dim})`;
    context.fillText(spell(name, bar.key), at, 46);
    free = at + context.measureText(spell(name, bar.key)).width + 6;
  }
}

/** Who plays in a bar, as lanes along the lower edge, in the order of the band. */
function paintLanes(context: CanvasRenderingContext2D, view: View, bar: Bar): void {
  const left = xOf(view, bar.start_beat) + 2;
  const width = bar.beats * view.perBeat - 4;
  const past = left + width < view.nowX;
  FAMILIES.forEach((family, i) => {
    context.fillStyle = bar.gates[family] ? `rgba(${view.colours.conductor}, ${past ? 0.3 : 0.8})` : `rgba(${view.colours.text}, 0.05)`;
    context.fillRect(left, view.height - LANES + i * 6, width, 3);
  });
}

/** Names of the sections; one that has begun keeps its name in sight until the next comes. */
export function paintSections(context: CanvasRenderingContext2D, view: View, bars: Bar[]): void {
  context.font = `italic 17px ${SCORE}`;
  const starts = bars.filter((bar, i) => bar.section !== bars[i - 1]?.section);
  starts.forEach((bar, i) => {
    const next = starts[i + 1];
    const room = (next ? xOf(view, next.start_beat) : view.width) - context.measureText(bar.section).width - 12;
    const x = Math.min(Math.max(xOf(view, bar.start_beat) + 7, 16), room);
    context.fillStyle = `rgba(${view.colours.conductor}, ${x < view.nowX ? 0.6 : 0.95})`;
    context.fillText(bar.section, x, 18);
  });
}

/** What waits for a beat: a dashed line there, and what will change. */
export function paintWaiting(context: CanvasRenderingContext2D, view: View, beat: number, words: string): void {
  const x = xOf(view, beat);
  if (x < view.nowX - 2 || x > view.width) return;
  const y = view.height - LANES - 8;
  context.fillStyle = `rgb(${view.colours.mine})`;
  for (let at = 56; at < y; at += 9) context.fillRect(x - 1, at, 2, 5);
  context.beginPath();
  context.arc(x, 54, 4, 0, 2 * Math.PI);
  context.fill();
  context.font = "500 12px system-ui, sans-serif";
  const shown = words.length > 44 ? `${words.slice(0, 43)}…` : words;
  const width = context.measureText(shown).width + 14;
  const left = Math.max(4, Math.min(x, view.width - width - 4));
  context.beginPath();
  context.roundRect(left, y - 18, width, 20, 6);
  context.fill();
  context.fillStyle = `rgb(${view.colours.onMine})`;
  context.fillText(shown, left + 7, y - 4);
}

/** What the two sides of the line are for, before there is anything to show. */
export function paintHint(context: CanvasRenderingContext2D, view: View): void {
  context.font = `italic 17px ${SCORE}`;
  context.fillStyle = `rgb(${view.colours.faint})`;
  const wide = view.width > 640;
  context.textAlign = "right";
  context.fillText(wide ? "what you heard" : "heard", view.nowX - 22, view.middle + 6);
  context.textAlign = "left";
  context.fillText(wide ? "what comes next" : "to come", view.nowX + 22, view.middle + 6);
}

/** The now-line, glowing while there is sound. */
export function lightLine(context: CanvasRenderingContext2D, view: View, playing: boolean, calm: boolean): void {
  if (playing && !calm) {
    const pulse = 1 - (view.beat - Math.floor(view.beat));
    const glow = context.createLinearGradient(view.nowX - 40, 0, view.nowX + 40, 0);
    glow.addColorStop(0, `rgba(${view.colours.mine}, 0)`);
    glow.addColorStop(0.5, `rgba(${view.colours.mine}, ${0.05 + 0.2 * pulse * pulse})`);
    glow.addColorStop(1, `rgba(${view.colours.mine}, 0)`);
    context.fillStyle = glow;
    context.fillRect(view.nowX - 40, 24, 80, view.height - 24 - LANES);
  }
  context.fillStyle = playing ? `rgb(${view.colours.mine})` : `rgb(${view.colours.faint})`;
  context.fillRect(view.nowX - 1, 24, 2, view.height - 24 - LANES);
}
