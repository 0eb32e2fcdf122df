import { describe, expect, it } from "vitest";
import { diatonicChords, pretty, splitKey } from "../src/state/harmony";
import type { Hello } from "../src/state/protocol";
import { TapTempo } from "../src/ui/tap";

const hello = {
  pitch_classes: ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
  modes: { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10], blues: [0, 3, 5, 6, 7, 10] },
  qualities: { "": [0, 4, 7], m: [0, 3, 7], dim: [0, 3, 6] },
} as unknown as Hello;

describe("harmony", () => {
  it("stacks the chords of a key", () => {
    expect(diatonicChords("C major", hello)).toEqual(["C", "Dm", "Em", "F", "G", "Am", "Bdim"]);
    expect(diatonicChords("F minor", hello)).toEqual(["Fm", "Gdim", "Ab", "Bbm", "Cm", "C#", "Eb"]);
    expect(diatonicChords("A minor pentatonic", hello)).toEqual(["Am", "Bdim", "C", "Dm", "Em", "F", "G"]);
    expect(diatonicChords("C unheard-of", hello)).toEqual([]);
  });

  it("spells names as the key writes them", () => {
    expect(pretty("C#", "F minor")).toBe("D♭");
    expect(pretty("Abm", "E major")).toBe("G♯m");
    expect(pretty("Bbmaj7", "D minor")).toBe("B♭maj7");
    expect(pretty("F#m7b5")).toBe("F♯m7♭5");
    expect(pretty("Bdim", "C major")).toBe("B°");
    expect(pretty("F# harmonic minor", "F# harmonic minor")).toBe("F♯ harmonic minor");
  });

  it("splits a key", () => {
    expect(splitKey("Bb harmonic minor")).toEqual(["Bb", "harmonic minor"]);
  });
});

describe("TapTempo", () => {
  it("follows taps and begins anew after a pause", () => {
    const tempo = new TapTempo();
    expect(tempo.tap(0)).toBeNull();
    expect(tempo.tap(500)).toBe(120);
    expect(tempo.tap(1000)).toBe(120);
    expect(tempo.tap(9000)).toBeNull();
    expect(tempo.tap(9600)).toBe(100);
  });
});
