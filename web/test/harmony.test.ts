import { describe, expect, it } from "vitest";
import { diatonicChords, pretty, scaleOf, splitKey, tonesOf } from "../src/state/harmony";
import { TapTempo } from "../src/state/tap";
import { hello } from "./fixtures";


describe("harmony", () => {
  it("stacks the chords of a key", () => {
    expect(diatonicChords("C major", hello, "triad")).toEqual(["C", "Dm", "Em", "F", "G", "Am", "Bdim"]);
    expect(diatonicChords("F minor", hello, "triad")).toEqual(["Fm", "Gdim", "Ab", "Bbm", "Cm", "C#", "Eb"]);
    expect(diatonicChords("A minor pentatonic", hello, "triad")).toEqual(["Am", "Bdim", "C", "Dm", "Em", "F", "G"]);
    expect(diatonicChords("C unheard-of", hello, "triad")).toEqual([]);
  });

  it("builds sevenths and suspensions from the key's own tones, where they have a name", () => {
    expect(diatonicChords("C major", hello, "7th")).toEqual(["Cmaj7", "Dm7", "Em7", "Fmaj7", "G7", "Am7", "Bm7b5"]);
    expect(diatonicChords("C major", hello, "sus4")).toEqual(["Csus4", "Dsus4", "Esus4", null, "Gsus4", "Asus4", null]);
    expect(diatonicChords("C major", hello, "sus2")).toEqual(["Csus2", "Dsus2", null, "Fsus2", "Gsus2", "Asus2", null]);
  });

  it("knows the tones of keys and chords", () => {
    expect(scaleOf("A minor", hello)).toEqual([9, 11, 0, 2, 4, 5, 7]);
    expect(tonesOf("F#m7b5", hello)).toEqual([6, 9, 0, 4]);
    expect(tonesOf("H7", hello)).toEqual([]);
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
