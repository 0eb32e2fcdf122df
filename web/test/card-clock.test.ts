import { describe, expect, it } from "vitest";
import { CardClock } from "../src/audio/card-clock";

const REPORT_S = 0.05;

/** Plays `seconds`; the card loses `lost(second)` within each. Returns the second in which it is found to stumble, or null. */
function play(seconds: number, lost: (second: number) => number, delay: (now: number) => number = () => 0): number | null {
  const clock = new CardClock();
  let context = 0;
  for (let report = 0; report * REPORT_S < seconds; report++) {
    const now = report * REPORT_S;
    const second = Math.floor(now);
    if (report % 20 === 10) context -= lost(second); // in the middle of it
    if (clock.note(now + context, now + delay(now))) return second;
  }
  return null;
}

describe("a sound card's clock", () => {
  it("that runs a little slower than the wall's stumbles never", () => {
    expect(play(600, () => 0.0003)).toBeNull();
  });

  it("whose reports are late, now and then by a second, stumbles never", () => {
    expect(play(600, () => 0, (now) => (now % 7 < 0.3 ? 0.02 : 0) + (now % 31 < 1 ? 1 - (now % 31) : 0))).toBeNull();
  });

  it("that loses a buffer now and then is found out, and soon", () => {
    const found = play(600, (second) => (second % 20 === 10 ? 0.006 : 0));
    expect(found).toBeGreaterThan(30);
    expect(found).toBeLessThan(34);
  });

  it("that lost one hours ago is trusted", () => {
    expect(play(600, (second) => (second % 200 === 10 ? 0.006 : 0))).toBeNull();
  });

  it("of a machine that slept did not stumble", () => {
    expect(play(600, (second) => (second % 20 === 10 ? 30 : 0))).toBeNull();
  });
});
