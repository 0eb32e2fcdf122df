/** A spectrum as a musician reads it: one row for each half semitone, and its columns along the beats. Pure. */

/** MIDI notes at the lower and upper edge: E1 to a little above the piano, where cymbals still show. */
export const LOWEST = 28;
export const HIGHEST = 118;
export const ROWS_PER_SEMITONE = 2;
export const ROWS = (HIGHEST - LOWEST) * ROWS_PER_SEMITONE;
export const COLUMNS_PER_BEAT = 24;
/** As long as what is shown of the past, and a little more. */
export const KEPT_BEATS = 24;
export const COLUMNS = COLUMNS_PER_BEAT * KEPT_BEATS;

const A4 = 440;
const TILT = 18; // added per octave above A4, of 255: what is high is softer, not less there

/** Which analysis a row is read from, and the span of its bins; the span may lie between two bins. */
interface Row {
  fine: boolean;
  from: number;
  to: number;
  tilt: number;
}

const frequency = (note: number) => A4 * 2 ** ((note - 69) / 12);

/** Reads two analyses of one sound, byte levels of each bin: a long one that tells low notes apart, a short one that follows drums. */
export class Spectrum {
  private readonly rows: Row[];

  /** `fine` and `quick` are the lengths of the two analyses in frames; below `border` (a MIDI note) the fine one counts. */
  constructor(rate: number, fine: number, quick: number, border = 72) {
    this.rows = Array.from({ length: ROWS }, (_, row) => {
      const note = LOWEST + (row + 0.5) / ROWS_PER_SEMITONE;
      const low = note < border;
      const bin = rate / (low ? fine : quick);
      const half = 0.5 / ROWS_PER_SEMITONE;
      const tilt = TILT * Math.max(0, (note - 69) / 12);
      return { fine: low, from: frequency(note - half) / bin, to: frequency(note + half) / bin, tilt };
    });
  }

  /** Fills `levels`, 0 … 255 for each row from the lowest up. */
  read(fine: Uint8Array, quick: Uint8Array, levels: Uint8Array): void {
    this.rows.forEach((row, i) => {
      const level = strongest(row.fine ? fine : quick, row.from, row.to);
      levels[i] = level === 0 ? 0 : Math.min(255, level + row.tilt);
    });
  }
}

/** The strongest bin of a span, or what lies between the two bins around it. */
function strongest(bins: Uint8Array, from: number, to: number): number {
  const [first, last] = [Math.ceil(from), Math.floor(to)];
  if (first > last) {
    const middle = (from + to) / 2;
    const below = Math.floor(middle);
    const [a, b] = [bins[below] ?? 0, bins[below + 1] ?? 0];
    return a + (b - a) * (middle - below);
  }
  let most = 0;
  for (let bin = first; bin <= last; bin++) most = Math.max(most, bins[bin] ?? 0);
  return most;
}

/** The last beats as columns in a ring: column `n` of all holds the sound at beat `n / COLUMNS_PER_BEAT`. */
export class Waterfall {
  /** The column after the last one that was filled; −1 before there is one. */
  end = -1;
  private readonly levels = new Uint8Array(COLUMNS * ROWS);

  clear(): void {
    this.end = -1;
    this.levels.fill(0);
  }

  /** Notes the sound at a beat; columns that were passed since the last one hold it too. Returns the first that changed. */
  put(beat: number, levels: Uint8Array): number {
    const column = Math.floor(beat * COLUMNS_PER_BEAT);
    const goesOn = this.end >= 0 && column >= this.end - 1 && column - this.end < COLUMNS_PER_BEAT;
    if (!goesOn) this.clear();
    const first = goesOn ? Math.min(this.end, column) : Math.max(0, column);
    for (let at = first; at <= column; at++) this.levels.set(levels, (at % COLUMNS) * ROWS);
    this.end = Math.max(this.end, column + 1);
    return first;
  }

  /** The levels of a column. */
  column(at: number): Uint8Array {
    const first = (at % COLUMNS) * ROWS;
    return this.levels.subarray(first, first + ROWS);
  }
}
