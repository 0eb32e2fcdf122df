import { describe, expect, it } from "vitest";
import { axesOf, honours } from "../src/state/honours";
import { SCALARS } from "../src/state/patch";
import type { Hello } from "../src/state/protocol";
import { hello } from "./fixtures";

const open: Hello = { ...hello, honours: ["prompts", "bpm", "key", "guidance", "temperature", "seed", "conductor", "steps"] };

describe("controls that the model follows", () => {
  it("are all of them where the server does not say, or nobody is connected", () => {
    expect(honours(hello, "chord")).toBe(true);
    expect(honours(null, "notes")).toBe(true);
  });

  it("are shown alone; a panel stays while one of its controls is followed", () => {
    expect(honours(open, "bpm")).toBe(true);
    expect(honours(open, "chord")).toBe(false);
    expect(honours(open, "density", "key")).toBe(true);
    expect(honours(open, "drums", "bass")).toBe(false);
  });

  it("fill the axes of the pad in place of those it is deaf to", () => {
    expect(axesOf(hello, ["brightness", "density"], SCALARS)).toEqual(["brightness", "density"]);
    expect(axesOf(open, ["brightness", "temperature"], SCALARS)).toEqual(["temperature", "bpm"]);
    expect(new Set(axesOf(open, ["brightness", "density"], SCALARS)).size).toBe(2);
  });
});
