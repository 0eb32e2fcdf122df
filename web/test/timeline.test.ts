import { describe, expect, it } from "vitest";
import { Asked } from "../src/state/asked";
import { History } from "../src/state/history";
import type { Bar } from "../src/state/protocol";
import { COLUMNS_PER_BEAT, KEPT_BEATS, LOWEST, ROWS, ROWS_PER_SEMITONE, Spectrum, Waterfall } from "../src/state/spectrum";

const RATE = 48_000;
const rowOf = (note: number) => Math.floor((note - LOWEST) * ROWS_PER_SEMITONE);

/** Byte levels of an analysis with one strong bin at a frequency. */
function peak(hertz: number, size: number): Uint8Array {
  const bins = new Uint8Array(size / 2);
  bins[Math.round((hertz * size) / RATE)] = 200;
  return bins;
}

function strongest(levels: Uint8Array): number {
  return levels.indexOf(Math.max(...levels));
}

describe("the spectrum", () => {
  const spectrum = new Spectrum(RATE, 8192, 2048);

  it.each([
    [45, 110],
    [57, 220],
    [69, 440],
    [93, 1760],
    [105, 3520],
  ])("shows note %i where it lies in the piano-roll", (note, hertz) => {
    const levels = new Uint8Array(ROWS);
    spectrum.read(peak(hertz, 8192), peak(hertz, 2048), levels);
    expect(Math.abs(strongest(levels) - rowOf(note))).toBeLessThanOrEqual(ROWS_PER_SEMITONE);
  });

  it("is dark where nothing sounds", () => {
    const levels = new Uint8Array(ROWS).fill(9);
    spectrum.read(new Uint8Array(4096), new Uint8Array(1024), levels);
    expect(Math.max(...levels)).toBe(0);
  });
});

describe("the waterfall", () => {
  const loud = (level: number) => new Uint8Array(ROWS).fill(level);

  it("holds each sound at its beat, without holes", () => {
    const waterfall = new Waterfall();
    waterfall.put(3, loud(10));
    const first = waterfall.put(3.25, loud(20));
    expect([first, waterfall.end]).toEqual([3 * COLUMNS_PER_BEAT + 1, 3.25 * COLUMNS_PER_BEAT + 1]);
    expect(waterfall.column(3 * COLUMNS_PER_BEAT)[0]).toBe(10);
    for (let at = first; at < waterfall.end; at++) expect(waterfall.column(at)[5]).toBe(20);
  });

  it("goes on for ever in the same room", () => {
    const waterfall = new Waterfall();
    for (let beat = 0; beat < 3 * KEPT_BEATS; beat += 0.5) waterfall.put(beat, loud(beat));
    const last = 3 * KEPT_BEATS - 0.5;
    expect(waterfall.column(last * COLUMNS_PER_BEAT)[0]).toBe(Math.floor(last));
    expect(waterfall.column((last - KEPT_BEATS + 1) * COLUMNS_PER_BEAT)[0]).toBe(Math.floor(last - KEPT_BEATS + 1));
  });

  it("begins anew after a break, forward or back", () => {
    for (const beat of [40, 1]) {
      const waterfall = new Waterfall();
      waterfall.put(20, loud(10));
      waterfall.put(beat, loud(20));
      expect(waterfall.end).toBe(beat * COLUMNS_PER_BEAT + 1);
      expect(waterfall.column(20 * COLUMNS_PER_BEAT)[0]).toBe(0);
    }
  });
});

describe("what was asked", () => {
  it("lasts from where it is heard to where its end is heard", () => {
    const asked = new Asked();
    asked.note({ chord: null, notes: [60, 64] }, 4);
    asked.note({ chord: "Am7", notes: [64] }, 6);
    asked.note({ chord: null, notes: [64] }, 8);
    expect(asked.notes).toEqual([
      { what: 60, from: 4, to: 6 },
      { what: 64, from: 4, to: Infinity },
    ]);
    expect([5, 7, 8].map((beat) => asked.chordAt(beat))).toEqual([null, "Am7", null]);
  });

  it("is held over into a new stream, whose beats begin at 0", () => {
    const asked = new Asked();
    asked.note({ chord: "C", notes: [60] }, 30);
    asked.note({ chord: "C", notes: [62] }, 31);
    asked.begin();
    expect(asked.notes).toEqual([{ what: 62, from: 0, to: Infinity }]);
    expect(asked.chordAt(0)).toBe("C");
  });
});

describe("the plan along the beats", () => {
  it("gives each chord with its place", () => {
    const history = new History();
    history.bars = [
      { index: 0, start_beat: 0, beats: 4, chords: [[0, "Am7"], [2, "D7"]] },
      { index: 1, start_beat: 4, beats: 4, chords: [[0, "G"]] },
      { index: 2, start_beat: 8, beats: 4, chords: [[0, "C"]] },
    ] as Bar[];
    expect(history.chordsBetween(1, 7)).toEqual([
      { what: "Am7", from: 0, to: 2 },
      { what: "D7", from: 2, to: 4 },
      { what: "G", from: 4, to: 8 },
    ]);
  });
});
