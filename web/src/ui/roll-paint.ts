/** Painting of the open timeline: a piano-roll of what was asked over the spectrum of what was heard. */

import type { Span } from "../state/asked";
import { HIGHEST, LOWEST } from "../state/spectrum";
import { LANES, xOf, type View } from "./horizon-paint";

const TOP = 60; // below the names of the chords
const [LOWEST_TONE, HIGHEST_TONE] = [36, 84]; // where the tones of chords are drawn
const FADE = 0.22; // of the width, over which the past fades

export interface Strip {
  top: number;
  height: number;
}

export function strip(view: View): Strip {
  return { top: TOP, height: view.height - LANES - 10 - TOP };
}

/** Where a note lies, its middle. */
function yOf({ top, height }: Strip, note: number): number {
  return top + height * (1 - (note + 0.5 - LOWEST) / (HIGHEST - LOWEST));
}

/** Lets what was painted so far fade towards the left edge. */
export function fadePast(context: CanvasRenderingContext2D, view: View, { top, height }: Strip): void {
  const fade = context.createLinearGradient(0, 0, view.width * FADE, 0);
  fade.addColorStop(0, "rgba(0, 0, 0, 1)");
  fade.addColorStop(1, "rgba(0, 0, 0, 0)");
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = fade;
  context.fillRect(0, top, view.width * FADE, height);
  context.globalCompositeOperation = "source-over";
}

/** Lines of the beats between the bars, and of the octaves. */
export function paintGrid(context: CanvasRenderingContext2D, view: View, { top, height }: Strip): void {
  const first = Math.ceil(view.beat - view.nowX / view.perBeat);
  const last = view.beat + (view.width - view.nowX) / view.perBeat;
  context.fillStyle = `rgba(${view.colours.text}, 0.045)`;
  for (let beat = Math.max(0, first); beat <= last; beat++) context.fillRect(xOf(view, beat) - 0.5, top, 1, height);
  for (let note = 36; note <= 96; note += 12) {
    const y = yOf({ top, height }, note);
    context.fillStyle = `rgba(${view.colours.text}, 0.06)`;
    context.fillRect(0, y, view.width, 1);
  }
}

/** Names of the octaves at the right edge. */
export function paintOctaves(context: CanvasRenderingContext2D, view: View, place: Strip): void {
  context.font = "10.5px system-ui, sans-serif";
  for (let note = 36; note <= 96; note += 12) {
    const y = yOf(place, note);
    context.fillStyle = `rgba(${view.colours.ground}, 0.85)`;
    context.fillRect(view.width - 30, y - 6, 24, 12);
    context.fillStyle = `rgb(${view.colours.faint})`;
    context.fillText(`C${note / 12 - 1}`, view.width - 25, y + 3.5);
  }
}

/** The tones of a chord as strings at every octave, the root the strongest. */
export function paintChord(context: CanvasRenderingContext2D, view: View, place: Strip, span: Span<readonly number[]>, mine: boolean): void {
  const left = xOf(view, span.from) + 1;
  const right = Math.min(view.width + 10, xOf(view, span.to) - 3);
  if (right < 0 || left > view.width || right <= left) return;
  const past = Math.min(right, view.nowX) - left;
  span.what.forEach((tone, i) => {
    for (let note = tone + 12 * Math.ceil((LOWEST_TONE - tone) / 12); note <= HIGHEST_TONE; note += 12) {
      const thick = i === 0 ? 3 : 2;
      const y = yOf(place, note) - thick / 2;
      const strength = (i === 0 ? 0.8 : 0.5) * (1 - 0.35 * Math.abs(note - 60) / 24);
      context.fillStyle = `rgba(${mine ? view.colours.mine : view.colours.conductor}, ${strength})`;
      if (right > view.nowX) context.fillRect(Math.max(left, view.nowX), y, right - Math.max(left, view.nowX), thick);
      context.fillStyle = `rgba(${view.colours.text}, ${0.34 * strength})`; // behind the line it is a memory
      if (past > 0) context.fillRect(left, y, past, thick);
    }
  });
}

/** A note the performer holds, from when it is heard. */
export function paintNote(context: CanvasRenderingContext2D, view: View, place: Strip, span: Span<number>): void {
  const left = xOf(view, span.from);
  const right = xOf(view, Math.min(span.to, Math.max(view.beat, span.from) + 0.5));
  if (right < 0 || left > view.width) return;
  const y = yOf(place, span.what);
  context.beginPath();
  context.roundRect(left, y - 3.5, Math.max(4, right - left), 7, 3.5);
  context.fillStyle = `rgb(${view.colours.mine})`;
  context.strokeStyle = `rgb(${view.colours.ground})`;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}
