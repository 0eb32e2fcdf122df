/** Binary messages of the stream: a 24-byte little-endian header, then interleaved samples.
 *
 *  offset 0  "LGTO"      4  u8 version    5  u8 format (1 = int16, 2 = float32)   6  u16 channels
 *         8  u32 stream  12 u32 frames   16  u64 index of the first frame in its stream
 */

export const HEADER_BYTES = 24;
export const VERSION = 1;
const MAGIC = 0x4f54474c; // "LGTO" read as a little-endian u32
const INT16 = 1;
const FLOAT32 = 2;
const INT16_SCALE = 1 / 32768;

export interface Packet {
  stream: number;
  index: number;
  frames: number;
  /** Interleaved stereo, −1 … 1, length `2 * frames`. */
  samples: Float32Array;
}

/** Reads one message; throws a RangeError that says what is wrong with it. */
export function parsePacket(buffer: ArrayBuffer): Packet {
  if (buffer.byteLength < HEADER_BYTES) throw new RangeError("audio message is shorter than its header");
  const view = new DataView(buffer);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError("message is not Legato audio");
  const version = view.getUint8(4);
  if (version !== VERSION) throw new RangeError(`audio message version ${version}, this page reads ${VERSION}`);
  const format = view.getUint8(5);
  const channels = view.getUint16(6, true);
  if (channels !== 2) throw new RangeError(`audio message has ${channels} channels, this page plays 2`);
  const frames = view.getUint32(12, true);
  const width = format === INT16 ? 2 : format === FLOAT32 ? 4 : 0;
  if (width === 0) throw new RangeError(`unknown sample format ${format}`);
  if (buffer.byteLength !== HEADER_BYTES + frames * channels * width)
    throw new RangeError("audio message is truncated");
  return {
    stream: view.getUint32(8, true),
    index: Number(view.getBigUint64(16, true)),
    frames,
    samples: format === FLOAT32 ? new Float32Array(buffer, HEADER_BYTES) : fromInt16(buffer),
  };
}

function fromInt16(buffer: ArrayBuffer): Float32Array {
  const source = new Int16Array(buffer, HEADER_BYTES);
  const samples = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) samples[i] = (source[i] as number) * INT16_SCALE;
  return samples;
}
