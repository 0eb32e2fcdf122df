"""A sound as a prompt: its weights, and whether it works.

    python benchmarks/audio_prompts.py fit CORPUS       writes the classifier that the package ships
    python benchmarks/audio_prompts.py measure CORPUS [FOLDER]

`measure` fits a classifier on three quarters of the corpus's clips, turns clips that it has not seen (one a
style), and the sound files of FOLDER, into prompts, renders those with the embedded model, and looks back
from each render: how often is its own source nearer to it than another one? By cosine of musicnn
embeddings, standardised over the corpus. Beside it, the same for prompts that know the answer and for ones
that do not.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

import legato
from legato.config import SAMPLE_RATE
from legato.corpus.dataset import Corpus
from legato.evaluation import audio_prompt, musicnn
from legato.evaluation.classifier import StyleClassifier
from legato.evaluation.reference import reference
from legato.evaluation.statistics import bootstrap
from legato.io.sounds import ENDINGS, read_sound
from legato.music.grammar import STYLES

SECONDS = 12.0
WARM_UP = SAMPLE_RATE  # samples of a render that are left out


def fit(corpus: str) -> None:
    """Write the weights, learnt from all clips."""
    real = reference(Corpus(corpus))
    every = {style: [*real.fit[style], *real.test[style]] for style in real.styles}
    path = Path(str(resources.files("legato.evaluation") / "weights" / audio_prompt.WEIGHTS))
    path.write_bytes(StyleClassifier.fit(every).save())
    clips = sum(map(len, every.values()))
    print(f"{path.name}: {len(every)} styles from {clips} clips, {path.stat().st_size} bytes")


def measure(corpus: str, folder: str | None = None) -> None:
    """Print the table."""
    real = reference(Corpus(corpus))
    classifier = StyleClassifier.fit(real.fit)  # the shipped one knows all clips
    windows = real.all()
    scale = windows.mean(0), windows.std(0)
    unseen = {style: clips[0] for style, clips in real.test.items()}
    names = {style: {STYLES[style].genres[0]: 1.0} for style in unseen}
    heard = {style: audio_prompt.prompts_for(clip, classifier) for style, clip in unseen.items()}
    named = [next(iter(heard[style])) == next(iter(names[style])) for style in unseen]
    print(f"{len(unseen)} clips of the corpus, the likeliest style is theirs: {np.mean(named):.2f}")
    rng = np.random.default_rng(0)
    shuffled = dict(zip(unseen, [names[style] for style in rng.permutation(list(unseen))], strict=True))
    for what, prompts in (("as heard", heard), ("their style's name", names), ("another's", shuffled)):
        report(f"corpus, {what}", unseen, prompts, scale)
    if folder:
        files = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower()[1:] in ENDINGS)
        sounds = {path.stem: musicnn.embed(audio_prompt.middle(read_sound(path))) for path in files}
        heard = {name: audio_prompt.prompts_for(sound, classifier) for name, sound in sounds.items()}
        for name, prompts in heard.items():
            print(f"  {name}: " + ", ".join(f"{text} {weight:.2f}" for text, weight in prompts.items()))
        styles = list(names.values())
        chance = {name: styles[rng.integers(len(styles))] for name in sounds}
        report("files, as heard", sounds, heard, scale)
        report("files, any style", sounds, chance, scale)


def report(
    what: str,
    sources: Mapping[str, np.ndarray],
    prompts: Mapping[str, Mapping[str, float]],
    scale: tuple[np.ndarray, np.ndarray],
) -> None:
    """One line: how often a render's own source is nearer than another, and its 95 % interval."""
    instrument = legato.load()
    renders = [
        musicnn.embed(instrument.render(dict(prompts[name]), SECONDS, seed=index).audio[WARM_UP:])
        for index, name in enumerate(sources)
    ]
    likeness = _cosines(renders, list(sources.values()), scale)
    own = np.diag(likeness)[:, None]
    nearer = (own > likeness).sum(1) / (len(own) - 1)
    share, low, high = bootstrap(nearer)
    found = f"own source nearer {share:.2f} ({low:.2f}–{high:.2f}), cosine {own.mean():.2f}"
    print(f"{what:28} {found}", flush=True)


def _cosines(
    a: Sequence[np.ndarray], b: Sequence[np.ndarray], scale: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Between means of windows, [len(a), len(b)]."""
    sides = [np.stack([(one.mean(0) - scale[0]) / scale[1] for one in side]) for side in (a, b)]
    first, second = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides)
    return first @ second.T


if __name__ == "__main__":
    {"fit": fit, "measure": measure}[sys.argv[1]](*sys.argv[2:])
