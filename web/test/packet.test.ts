import { describe, expect, it } from "vitest";
import { HEADER_BYTES, parsePacket } from "../src/audio/packet";

function packet(format: number, frames: number, bytes: number, index = 5n): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + bytes);
  const view = new DataView(buffer);
  [..."LGTO"].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  view.setUint8(4, 1);
  view.setUint8(5, format);
  view.setUint16(6, 2, true);
  view.setUint32(8, 3, true);
  view.setUint32(12, frames, true);
  view.setBigUint64(16, index, true);
  return buffer;
}

describe("parsePacket", () => {
  it("reads 16-bit samples and an index beyond 32 bits", () => {
    const buffer = packet(1, 1, 4, 2n ** 40n);
    new DataView(buffer).setInt16(HEADER_BYTES, -16384, true);
    const read = parsePacket(buffer);
    expect(read).toMatchObject({ stream: 3, index: 2 ** 40, frames: 1 });
    expect([...read.samples]).toEqual([-0.5, 0]);
  });

  it("reads float samples", () => {
    const buffer = packet(2, 1, 8);
    new DataView(buffer).setFloat32(HEADER_BYTES + 4, 0.25, true);
    expect([...parsePacket(buffer).samples]).toEqual([0, 0.25]);
  });

  it.each([
    ["shorter", new ArrayBuffer(3)],
    ["not Legato", new ArrayBuffer(HEADER_BYTES)],
    ["truncated", packet(1, 2, 4)],
    ["format 9", packet(9, 1, 4)],
  ])("refuses a message that is %s", (said, buffer) => {
    expect(() => parsePacket(buffer)).toThrow(said);
  });
});
