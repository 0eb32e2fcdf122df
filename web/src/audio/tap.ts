/** Listens to what goes to the sound card: two analyses side by side, made only when they are asked for. */

const FINE = 8192; // frames: tells semitones apart down to the bass
const QUICK = 2048;
const QUIETEST_DB = -92;
const LOUDEST_DB = -22;

export class Tap {
  /** Lengths of the analyses, frames. */
  static readonly FINE = FINE;
  static readonly QUICK = QUICK;
  readonly fine = new Uint8Array(FINE / 2);
  readonly quick = new Uint8Array(QUICK / 2);
  private readonly analysers: readonly [AnalyserNode, AnalyserNode];
  private readonly delay: DelayNode;

  constructor(
    context: AudioContext,
    readonly source: AudioNode,
  ) {
    const options = { smoothingTimeConstant: 0, minDecibels: QUIETEST_DB, maxDecibels: LOUDEST_DB };
    this.analysers = [new AnalyserNode(context, { ...options, fftSize: FINE }), new AnalyserNode(context, { ...options, fftSize: QUICK })];
    // So that both have their middle at the same sound.
    this.delay = new DelayNode(context, { delayTime: (FINE - QUICK) / 2 / context.sampleRate });
    source.connect(this.analysers[0]);
    source.connect(this.delay).connect(this.analysers[1]);
  }

  /** Fills `fine` and `quick` with the levels of their bins, 0 … 255, of what was put out last. */
  listen(): void {
    this.analysers[0].getByteFrequencyData(this.fine);
    this.analysers[1].getByteFrequencyData(this.quick);
  }

  close(): void {
    this.source.disconnect(this.analysers[0]);
    this.source.disconnect(this.delay);
  }
}
