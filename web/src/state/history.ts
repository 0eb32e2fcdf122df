/** What was heard and what is planned, on one line of beats: the data behind the timeline. */

import type { Loudness } from "../audio/messages";
import type { Span } from "./asked";
import type { Bar, Now, Status } from "./protocol";

const KEPT_BEATS = 64;
const KEPT_ANCHORS = 64;
const KEPT_HEARD = 1200; // reports, at 20 a second: one minute

export interface Heard {
  index: number;
  beat: number;
  /** Root mean square and peak of the louder side, 0 … 1. */
  level: number;
  peak: number;
}

export class History {
  /** Frames a second of what is played. */
  rate = 48_000;
  bars: Bar[] = [];
  heardLevels: Heard[] = [];
  private anchors: Now[] = [];
  private stream = 0;

  /** A new stream has begun: its beats start again at 0. */
  begin(stream: number): void {
    if (stream === this.stream && stream !== 0) return;
    this.stream = stream;
    this.bars = [];
    this.anchors = [];
    this.heardLevels = [];
  }

  note(status: Status): void {
    this.begin(status.stream);
    const first = status.plan[0];
    if (first) {
      const past = this.bars.filter((bar) => bar.index < first.index);
      this.bars = [...past.filter((bar) => bar.start_beat > first.start_beat - KEPT_BEATS), ...status.plan];
    }
    if (status.now) this.anchors = [...this.anchors, status.now].slice(-KEPT_ANCHORS);
  }

  heard(report: Loudness): void {
    if (!report.playing || report.stream !== this.stream) return;
    const level = Math.sqrt(Math.max(...report.power));
    this.heardLevels.push({ index: report.index, beat: this.beatAt(report.index), level, peak: Math.max(...report.peak) });
    if (this.heardLevels.length > KEPT_HEARD) this.heardLevels.shift();
  }

  /** Beat position at a sample of the stream, from the nearest known point before it. */
  beatAt(index: number): number {
    const now = this.nowAt(index);
    return now ? now.beat + ((index - now.sample) / this.rate) * (now.bpm / 60) : 0;
  }

  /** The last known point of the music at or before a sample. */
  nowAt(index: number): Now | null {
    let found = this.anchors[0] ?? null;
    for (const anchor of this.anchors) if (anchor.sample <= index) found = anchor;
    return found;
  }

  barAt(beat: number): Bar | null {
    return this.bars.find((bar) => beat >= bar.start_beat && beat < bar.start_beat + bar.beats) ?? null;
  }

  /** The planned chords of bars that overlap these beats, each with where it begins and ends. */
  chordsBetween(from: number, to: number): Span<string>[] {
    return this.bars
      .filter((bar) => bar.start_beat < to && bar.start_beat + bar.beats > from)
      .flatMap(({ start_beat, beats, chords }) =>
        chords.map(([start, what], i) => ({ what, from: start_beat + start, to: start_beat + (chords[i + 1]?.[0] ?? beats) })),
      );
  }

  chordAt(beat: number): string | null {
    const bar = this.barAt(beat);
    let chord = bar?.chords[0]?.[1] ?? null;
    if (bar) for (const [start, name] of bar.chords) if (bar.start_beat + start <= beat + 1e-6) chord = name;
    return chord;
  }
}
