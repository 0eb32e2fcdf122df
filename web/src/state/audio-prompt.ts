/** A sound as a prompt: a file's middle goes to the server, which says what it is like. */

const RATE = 48_000;
const LONGEST = 20; // seconds
const HEADER = 44; // bytes

/** Weighted prompts for music like a sound file; throws an Error of one sentence. */
export async function promptsOf(file: Blob): Promise<Record<string, number>> {
  const sound = await decoded(file);
  const answer = await fetch(new URL("prompts", document.baseURI), { method: "POST", body: asWav(middle(sound)) }).catch(() => null);
  if (!answer) throw new Error("The server cannot be reached.");
  const said = (await answer.json().catch(() => ({}))) as { prompts?: Record<string, number>; error?: string };
  if (!answer.ok || !said.prompts) throw new Error(said.error ? sentence(said.error) : "The server could not hear the sound.");
  return said.prompts;
}

async function decoded(file: Blob): Promise<AudioBuffer> {
  try {
    return await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
  } catch {
    throw new Error("The file holds no sound that this browser can read: try WAV, MP3, FLAC or Ogg.");
  }
}

/** One channel of the middle of a sound. */
function middle(sound: AudioBuffer): Float32Array {
  const length = Math.min(sound.length, LONGEST * sound.sampleRate);
  const begin = (sound.length - length) >> 1;
  const mixed = new Float32Array(length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const part = sound.getChannelData(channel).subarray(begin, begin + length);
    for (let i = 0; i < length; i++) mixed[i]! += part[i]! / sound.numberOfChannels;
  }
  return mixed;
}

/** 16-bit WAV of one channel at 48 kHz. */
function asWav(sound: Float32Array): Blob {
  const view = new DataView(new ArrayBuffer(HEADER + 2 * sound.length));
  const words = (at: number, text: string) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, HEADER - 8 + 2 * sound.length, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follow
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits
  words(36, "data");
  view.setUint32(40, 2 * sound.length, true);
  sound.forEach((value, i) => view.setInt16(HEADER + 2 * i, Math.round(32767 * Math.min(1, Math.max(-1, value))), true));
  return new Blob([view.buffer], { type: "audio/wav" });
}

const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`;
