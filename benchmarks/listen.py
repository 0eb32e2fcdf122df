"""Does listening do something musical? `python benchmarks/listen.py CORPUS [CLIPS] [codec|jam|continue …]`.

Held-out clips come in. Tables: what the encoder needs to see, what mixing latents instead of sound costs, how
far the model's own sound follows the clip (jam), and how far it goes on as the clip does (continue). The same
seeds and prompts without listening stand beside it; intervals are 95 % bootstraps over clips.

C latent channels, T frames; sound is [N, 2] at 48 kHz.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
import torch

import legato
from legato.config import FRAME_RATE, FRAME_SAMPLES, SAMPLE_RATE
from legato.control.state import Controls
from legato.corpus.clips import ClipKind
from legato.corpus.dataset import Clip as CorpusClip
from legato.corpus.dataset import Corpus
from legato.engine.ear import AHEAD, Ear, Sound
from legato.engine.instrument import Instrument
from legato.engine.offline import Stream
from legato.engine.session import Session
from legato.evaluation import musicnn
from legato.evaluation.control import chroma, following
from legato.evaluation.rhythm import ONSET_RATE, beat_lock, onset_strength, sharpened, tempo, tempo_error
from legato.evaluation.statistics import bootstrap
from legato.io.sounds import Clip
from legato.music.grammar import STYLES

JAM_S, SETTLE_S = 8.0, 2.0  # of a jam, and of it what is not measured
PAST_S, FUTURE_S = 8.0, 6.0  # of a clip gone on from, and of what follows
NEUTRAL = "music"
Audio = np.ndarray
Measure = Callable[[Audio, Audio, np.ndarray, float], float]


class MixedLatents(Ear):
    """The other way: a mean of latents, what came in encoded alone."""

    def __init__(self, session: Session, sound: Sound) -> None:
        super().__init__(session.model, sound)
        self._session = session

    def hear(self, sample: int, samples: int, listen: float, beat: float | None) -> np.ndarray | None:
        """(1 - listen) own + listen · what came in."""
        model = self._session.model
        before = min(sample, model.encoder_reach * FRAME_SAMPLES)
        came_n2 = self.sound.read(sample - before, before + samples + AHEAD * FRAME_SAMPLES, beat)
        if came_n2 is None:
            return None
        came_fc = model.encode(came_n2)[before // FRAME_SAMPLES : -AHEAD]
        own_fc = self._session.state.generator.pending[0].numpy()
        return ((1 - listen) * own_fc + listen * came_fc).astype(np.float16)


def look_ahead(instrument: Instrument, clips: Sequence[CorpusClip], sounds: Sequence[Audio]) -> None:
    """Print the error of a stream's newest latent by the frames that the encoder is shown after it."""
    model = instrument.model
    reach = model.encoder_reach
    errors: list[list[float]] = [[] for _ in range(reach + 1)]
    for sound in sounds:
        whole = model.encode(sound)
        for end in range(2 * reach, len(whole) - reach, 25):
            for ahead in range(reach + 1):
                seen = model.encode(sound[(end - 1 - reach) * FRAME_SAMPLES : (end + ahead) * FRAME_SAMPLES])
                errors[ahead].append(float(np.square(seen[reach] - whole[end - 1]).mean()))
    print(f"\nThe newest latent by look-ahead; the encoder reaches {reach} frames of 40 ms either way.")
    print("| frames ahead | squared error (a latent's variance is 1) |\n|---|---|")
    for ahead, found in enumerate(errors):
        print(f"| {ahead} | {np.mean(found):.4f} |")


def two_ways(instrument: Instrument, clips: Sequence[CorpusClip], sounds: Sequence[Audio]) -> None:
    """Print how far either way of mixing is from the latents of the true mix of two clips."""
    model, bundle = instrument.model, instrument.bundle
    assert bundle is not None
    by_sound, by_latents = [], []
    for own, came in zip(sounds, [*sounds[1:], sounds[0]], strict=True):
        own_z, came_z = model.encode(own), model.encode(came)
        decoded = bundle.codec.decode(torch.from_numpy(own_z)[None])[0].numpy()
        true_z = model.encode(own + came)
        by_sound.append(np.square(model.encode(decoded + came) - true_z).mean())
        by_latents.append(np.square((own_z + came_z) / 2 - true_z).mean())
    print("\nOwn sound (through the codec) and a clip at the same level, squared error to the encoded mix.")
    print("| way | error |\n|---|---|")
    print(f"| mixed as sound, encoded | {interval(by_sound)} |")
    print(f"| mean of latents | {interval(by_latents)} |")


def follows(out: Audio, came: Audio, beats: np.ndarray, bpm: float) -> float:
    """Chroma of the output against the clip's, half a second at a time."""
    return following(chroma(out), chroma(came))


def tonality(out: Audio, came: Audio, beats: np.ndarray, bpm: float) -> float:
    """Correlation of the mean chroma of both."""
    ours, theirs = (chroma(sound) for sound in (out, came))
    profiles = [(c / (c.sum(1, keepdims=True) + 1e-9)).mean(0) for c in (ours, theirs)]
    return float(np.corrcoef(*profiles)[0, 1]) if min(p.std() for p in profiles) > 0 else 0.0


def onsets(out: Audio, came: Audio, beats: np.ndarray, bpm: float) -> float:
    """Correlation of onset strength, at the same time."""
    ours, theirs = (sharpened(onset_strength(sound)) for sound in (out, came))
    return float(np.corrcoef(ours, theirs)[0, 1]) if ours.std() > 0 and theirs.std() > 0 else 0.0


def locks(out: Audio, came: Audio, beats: np.ndarray, bpm: float) -> float:
    """Concentration of the output's onsets at one phase of the clip's beat."""
    strength = onset_strength(out)
    at = np.arange(len(strength)) * FRAME_RATE / ONSET_RATE
    return beat_lock(strength, np.interp(at, np.arange(len(beats)), beats), bpm=bpm).lock


def keeps_tempo(out: Audio, came: Audio, beats: np.ndarray, bpm: float) -> float:
    """Whether the output's tempo is the clip's within 4 %, octaves aside."""
    return float(tempo_error(tempo(onset_strength(out)), bpm)[0] < 0.04)


MEASURES: dict[str, Measure] = {
    "chroma follows": follows,
    "tonality": tonality,
    "onsets": onsets,
    "beat lock": locks,
    "tempo within 4 %": keeps_tempo,
}


def measure(
    rows: dict[str, list[list[float]]], name: str, out: Audio, came: Audio, beats: np.ndarray, bpm: float
) -> None:
    """Append all measures of one output, and show them as they come."""
    found = [by(out, came, beats, bpm) for by in MEASURES.values()]
    rows.setdefault(name, []).append(found)
    print(f"{name}: {' '.join(f'{value:.2f}' for value in found)}", file=sys.stderr)


def jam(instrument: Instrument, clips: Sequence[CorpusClip], sounds: Sequence[Audio]) -> None:
    """Print how the model's own sound follows a clip that comes in all the while."""
    measured = slice(round(SETTLE_S * SAMPLE_RATE), round(JAM_S * SAMPLE_RATE))
    rows: dict[str, list[list[float]]] = {}
    for index, (clip, sound) in enumerate(zip(clips, sounds, strict=True)):
        prompt = STYLES[clip.style].genres[0]
        beats = clip.labels().beats[round(SETTLE_S * FRAME_RATE) :]
        for conductor, way, listen in WAYS:
            asked = {"conductor": conductor, "seed": index}
            out = played(instrument, prompt, sound, way, listen, asked)
            name = f"conductor {conductor}: {way} {listen:g}"
            measure(rows, name, out[measured], sound[measured], beats, clip.bpm)
    print(f"\nJam: own sound against the clip, {SETTLE_S:g}–{JAM_S:g} s; {len(clips)} clips, prompt: style.")
    table(rows, list(MEASURES))


WAYS = (
    ("on", "alone", 0.0),
    ("on", "mixed as sound", 0.5),
    ("on", "mixed as sound", 1.0),
    ("on", "mean of latents", 0.5),
    ("free", "alone", 0.0),
    ("free", "mixed as sound", 0.5),
)


def played(
    instrument: Instrument, prompt: str, sound: Audio, way: str, listen: float, asked: dict[str, object]
) -> Audio:
    """The model's own sound of a jam."""
    controls = Controls(prompts=prompt, listen=listen, **asked)  # type: ignore[arg-type]
    stream = Stream.start(instrument.model, controls, sound=Clip(sound))
    if way == "mean of latents":
        stream._session.ear = MixedLatents(stream._session, Clip(sound))
    return first(stream, JAM_S)


def go_on(instrument: Instrument, clips: Sequence[CorpusClip], sounds: Sequence[Audio]) -> None:
    """Print how the model goes on from a clip, against how the clip itself does; and in which style."""
    cut, end = (round(s * SAMPLE_RATE) for s in (PAST_S, PAST_S + FUTURE_S))
    rows: dict[str, list[list[float]]] = {}
    made: dict[str, list[np.ndarray]] = {}
    for index, (clip, sound) in enumerate(zip(clips, sounds, strict=True)):
        for prompt, conductor in ((STYLES[clip.style].genres[0], "on"), (NEUTRAL, "free")):
            for way, past in (("from nothing", None), ("from the clip", sound[:cut])):
                asked = {"conductor": conductor, "seed": index}
                out = instrument.render(prompt, FUTURE_S, after=past, **asked).audio
                beats = clip.labels().beats[round(PAST_S * FRAME_RATE) :]
                name = f"conductor {conductor}, prompt {'style' if conductor == 'on' else NEUTRAL!r}: {way}"
                measure(rows, name, out, sound[cut:end], beats, clip.bpm)
                made.setdefault(name, []).append(musicnn.embed(out).mean(0))
    print(f"\nContinue: {FUTURE_S:g} s after {PAST_S:g} s of {len(clips)} clips, against how they go on.")
    table(rows, list(MEASURES))
    real = np.stack([musicnn.embed(sound[:cut]).mean(0) for sound in sounds])
    print("\nStyle: is it nearer its own clip than the others? Cosine of musicnn embeddings, means removed.")
    print("| | own clip | other clips |\n|---|---|---|")
    for name, outs in made.items():
        cosines = centred_cosines(np.stack(outs), real)
        others = (cosines.sum(1) - cosines.diagonal()) / (len(cosines) - 1)
        print(f"| {name} | {interval(cosines.diagonal())} | {interval(others)} |")


def centred_cosines(a_ne: np.ndarray, b_ne: np.ndarray) -> np.ndarray:
    """Cosines [n, n] of all pairs, the mean over each side removed."""
    a, b = (x - x.mean(0) for x in (a_ne, b_ne))
    return a @ b.T / np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1))


def first(stream: Stream, seconds: float) -> Audio:
    """The first seconds of a stream."""
    samples = round(seconds * SAMPLE_RATE)
    parts: list[Audio] = []
    while stream.sample < samples:
        parts.append(next(stream))
    return np.concatenate(parts)[:samples]


def table(rows: dict[str, list[list[float]]], columns: list[str]) -> None:
    """Means with intervals."""
    print(f"| | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for name, found in rows.items():
        print(
            f"| {name} | {' | '.join(interval(values) for values in zip(*found, strict=True))} |", flush=True
        )


def interval(values: Sequence[float] | np.ndarray) -> str:
    """Mean and its 95 % interval."""
    found = bootstrap(np.asarray(values, np.float64))
    return f"{found.value:.2f} ({found.low:.2f}–{found.high:.2f})"


def main(corpus: str, count: str = "6", *parts: str) -> None:
    """Measure on `count` held-out clips of whole bands, spread over the styles; all parts by default."""
    instrument = legato.load()
    bands = [clip for clip in Corpus(corpus, partial=True).held_out if clip.kind == ClipKind.FULL]
    clips = [bands[i] for i in np.linspace(0, len(bands) - 1, int(count)).round().astype(int)]
    samples = int((PAST_S + FUTURE_S) * FRAME_RATE) * FRAME_SAMPLES
    sounds = [clip.audio()[:samples].astype(np.float32) / 32768.0 for clip in clips]
    for part in parts or PARTS:
        for run in PARTS[part]:
            run(instrument, clips, sounds)


PARTS = {"codec": (look_ahead, two_ways), "jam": (jam,), "continue": (go_on,)}


if __name__ == "__main__":
    main(*sys.argv[1:])
