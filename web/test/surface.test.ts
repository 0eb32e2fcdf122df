import { describe, expect, it } from "vitest";
import { add, adopt, CENTRE, distanceFor, drop, FLOOR, HEIGHT, mixSurfaces, moveCursor, movePad, rename, shares, weigh, weightOf, type Surface } from "../src/state/surface";

const surface: Surface = {
  pads: [
    { id: 1, text: "house", x: 0.4, y: 0.3 },
    { id: 2, text: "ambient", x: 0.7, y: 0.5 },
  ],
  cursor: { x: 0.45, y: 0.35 },
};
const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0);

describe("shares", () => {
  it("give the nearer pad more, add up to one, and follow the cursor", () => {
    const before = shares(surface);
    expect(before.house).toBeGreaterThan(before.ambient as number);
    expect(sum(before)).toBeCloseTo(1, 2);
    const after = shares(moveCursor(surface, { x: 0.7, y: 0.5 }));
    expect(after.ambient).toBeGreaterThan(after.house as number);
  });

  it("leave out what is too far away and what has no name, but never everything", () => {
    const far = movePad(moveCursor(surface, { x: 0, y: 0 }), 2, { x: 1, y: HEIGHT });
    expect(shares(far)).toEqual({ house: 1 });
    expect(shares(moveCursor(drop(surface, 1), { x: 0, y: 0 }))).toEqual({ ambient: 1 });
    expect(shares(add(drop(surface, 1), ""))).toEqual({ ambient: 1 });
  });

  it("join pads of the same words", () => {
    expect(shares(rename(surface, 2, " house "))).toEqual({ house: 1 });
  });
});

describe("faders", () => {
  it.each([
    [{ x: 0.45, y: 0.35 }, 0.5],
    [{ x: 0, y: 0 }, FLOOR],
    [{ x: 1, y: HEIGHT }, 1],
    [CENTRE, FLOOR],
  ])("put a pad where it weighs what they say, with the cursor at %o", (cursor, weight) => {
    const weighed = weigh(moveCursor(surface, cursor), 2, weight);
    const pad = weighed.pads[1] as (typeof weighed.pads)[number];
    expect(weightOf(weighed, pad)).toBeCloseTo(weight, 5);
    expect(pad.x >= 0 && pad.x <= 1 && pad.y >= 0 && pad.y <= HEIGHT).toBe(true);
  });

  it("keep the direction of a pad where there is room", () => {
    const [, before] = surface.pads;
    const [, after] = weigh(surface, 2, 0.9).pads;
    const angle = (pad = CENTRE) => Math.atan2(pad.y - surface.cursor.y, pad.x - surface.cursor.x);
    expect(angle(after)).toBeCloseTo(angle(before), 6);
    expect(distanceFor(1)).toBeCloseTo(0);
  });
});

describe("adopt", () => {
  it("leaves a surface alone that gives these prompts already, also as unnormalised weights", () => {
    expect(adopt(surface, shares(surface))).toBe(surface);
    const doubled = Object.fromEntries(Object.entries(shares(surface)).map(([text, part]) => [text, 2 * part]));
    expect(adopt(surface, doubled)).toBe(surface);
  });

  it("finds places that give the prompts asked for", () => {
    const wanted = { trance: 0.6, house: 0.3, jazz: 0.1 };
    const parts = shares(adopt(surface, wanted));
    for (const [text, part] of Object.entries(wanted)) expect(parts[text]).toBeCloseTo(part, 2);
  });
});

describe("mixSurfaces", () => {
  const other: Surface = { pads: [{ id: 1, text: "jazz", x: 0.2, y: 0.6 }, { id: 2, text: "ambient", x: 0.6, y: 0.2 }], cursor: { x: 0.3, y: 0.5 } };

  it("begins and ends with the two surfaces themselves", () => {
    expect(mixSurfaces(surface, other, 0, 8)).toBe(surface);
    expect(mixSurfaces(surface, other, 1, 8)).toBe(other);
  });

  it("moves every share in a straight line", () => {
    const [a, b] = [shares(surface), shares(other)];
    for (const t of [0.25, 0.5, 0.75]) {
      const parts = shares(mixSurfaces(surface, other, t, 8));
      for (const text of ["house", "ambient", "jazz"])
        expect(parts[text] ?? 0).toBeCloseTo((a[text] ?? 0) * (1 - t) + (b[text] ?? 0) * t, 2);
    }
  });

  it("keeps the strongest when there are too many", () => {
    expect(mixSurfaces(surface, other, 0.5, 2).pads).toHaveLength(2);
  });
});

it("adds a pad within earshot, away from the others", () => {
  const added = add(surface, "funk");
  expect(added.pads[2]).toMatchObject({ id: 3, text: "funk" });
  expect(shares(added).funk).toBeGreaterThan(0.1);
});
