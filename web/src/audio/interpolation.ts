/** Samples between samples: a windowed sinc, flat to 20 kHz at 48 kHz, its errors below −90 dB. */

/** Frames looked at on either side of a position. */
export const REACH = 16;

const TAPS = 2 * REACH;
const PHASES = 512; // rows of the table; between two rows the weights are interpolated
const KAISER = 8;

/** Weights for every position between two frames. */
export class Kernel {
  private readonly table = new Float32Array((PHASES + 1) * TAPS);

  /** `step` is source frames per frame of output; above 1, what the output cannot hold is filtered out. */
  constructor(step: number) {
    const cutoff = Math.min(1, 1 / step);
    for (let phase = 0; phase <= PHASES; phase++) {
      const row = this.table.subarray(phase * TAPS, (phase + 1) * TAPS);
      for (let tap = 0; tap < TAPS; tap++) row[tap] = weight(tap - REACH + 1 - phase / PHASES, cutoff);
      const sum = row.reduce((total, x) => total + x, 0);
      for (let tap = 0; tap < TAPS; tap++) row[tap] = (row[tap] as number) / sum;
    }
  }

  /** Fills `weights` for a position `phase` (0 … 1) behind the frame of tap `REACH - 1`. */
  at(phase: number, weights: Float32Array): void {
    const row = Math.floor(phase * PHASES);
    const share = phase * PHASES - row;
    const first = row * TAPS;
    for (let tap = 0; tap < TAPS; tap++) {
      const a = this.table[first + tap] as number;
      weights[tap] = a + share * ((this.table[first + TAPS + tap] ?? 0) - a);
    }
  }
}

/** Room for the weights of one position. */
export const newWeights = () => new Float32Array(TAPS);

function weight(x: number, cutoff: number): number {
  const inside = 1 - (x / REACH) ** 2;
  if (inside <= 0) return 0;
  const angle = Math.PI * cutoff * x;
  const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
  return (cutoff * sinc * bessel(KAISER * Math.sqrt(inside))) / bessel(KAISER);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
