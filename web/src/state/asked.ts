/** What the performer asked for, along the beats: chords and notes held, each from the beat it reaches the ear. */

import type { Controls } from "./protocol";

const KEPT_BEATS = 64;

export interface Span<T> {
  what: T;
  from: number;
  /** Infinity while it is held. */
  to: number;
}

export class Asked {
  chords: Span<string>[] = [];
  notes: Span<number>[] = [];

  /** A new stream: what is held is held from its first beat on. */
  begin(): void {
    this.chords = fresh(this.chords);
    this.notes = fresh(this.notes);
  }

  /** These controls take effect at `beat`. */
  note({ chord, notes }: Pick<Controls, "chord" | "notes">, beat: number): void {
    this.chords = follow(this.chords, chord === null ? [] : [chord], beat);
    this.notes = follow(this.notes, notes, beat);
  }

  /** The chord held at a beat. */
  chordAt(beat: number): string | null {
    return this.chords.find((span) => beat >= span.from && beat < span.to)?.what ?? null;
  }
}

function fresh<T>(spans: Span<T>[]): Span<T>[] {
  return spans.filter((span) => span.to === Infinity).map((span) => ({ ...span, from: 0 }));
}

/** Ends spans of what is no longer held and begins those of what is new. */
function follow<T>(spans: Span<T>[], held: readonly T[], beat: number): Span<T>[] {
  const open = new Set(spans.filter((span) => span.to === Infinity).map((span) => span.what));
  const added = held.filter((what) => !open.has(what)).map((what) => ({ what, from: beat, to: Infinity }));
  const ended = spans.map((span) => (span.to === Infinity && !held.includes(span.what) ? { ...span, to: beat } : span));
  return [...ended.filter((span) => span.to > span.from && span.to > beat - KEPT_BEATS), ...added];
}
