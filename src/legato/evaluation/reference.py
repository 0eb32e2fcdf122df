"""The real music that generated music is held against: embeddings of corpus clips, kept beside the corpus.

Legend: W windows of 3 s, E = 200 embedding size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from legato.corpus.clips import ClipKind
from legato.corpus.dataset import Clip, Corpus
from legato.corpus.voices import CorpusError
from legato.evaluation import musicnn

FILE = "musicnn.safetensors"
SAVED_EVERY = 32  # clips: an interrupted run goes on from there
PER_STYLE = 32  # clips; fewer teach the classifier less: `legato corpus confusion --per-style` tells how much
HOP = 3  # seconds between windows: side by side, as clips of a corpus are many
HELD_BACK = 4  # every fourth clip of a style is kept to test the classifier


@dataclass(frozen=True)
class Reference:
    """Embeddings [W, E] of clips of each style: those to learn from, and those to test with."""

    fit: Mapping[str, Sequence[np.ndarray]]
    test: Mapping[str, Sequence[np.ndarray]]

    @property
    def styles(self) -> list[str]:
        """Names in the corpus's order."""
        return list(self.fit)

    def of_style(self, style: str) -> np.ndarray:
        """All windows of a style."""
        return np.concatenate([*self.fit[style], *self.test[style]])

    def all(self) -> np.ndarray:
        """All windows of all styles."""
        return np.concatenate([self.of_style(style) for style in self.styles])

    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        """All windows, clips dealt out in turn to two sides."""
        sides: list[list[np.ndarray]] = [[], []]
        for style in self.styles:
            for index, clip in enumerate([*self.fit[style], *self.test[style]]):
                sides[index % 2].append(clip)
        return np.concatenate(sides[0]), np.concatenate(sides[1])


def reference(
    corpus: Corpus, per_style: int = PER_STYLE, progress: Callable[[int, int], None] | None = None
) -> Reference:
    """Embeddings of up to `per_style` whole-band clips of each style; computed once per clip.

    Args:
        corpus: real clips.
        per_style: how many of each style.
        progress: told (clips done, clips in all).

    Raises:
        CorpusError: a style has fewer than `HELD_BACK` such clips, or none of any is held out.
    """
    chosen = {style: clips[:per_style] for style, clips in _by_style(corpus).items()}
    for style, clips in chosen.items():
        if len(clips) < HELD_BACK:
            raise CorpusError(
                f"the corpus has {len(clips)} whole-band clips of {style}; at least {HELD_BACK} are needed"
            )
    if not any(clip.held_out and clip.kind == ClipKind.FULL for clip in corpus.clips):
        raise CorpusError("the corpus holds no whole-band clips out for measurement")
    names = [clip.name for clips in chosen.values() for clip in clips]
    path = corpus.folder / FILE
    kept = load_file(path) if path.is_file() else {}
    fresh = 0
    for done, clip in enumerate((clip for clips in chosen.values() for clip in clips), 1):
        if _key(clip) not in kept:
            kept[_key(clip)] = musicnn.embed(clip.audio(), hop=HOP)
            fresh += 1
        if fresh == SAVED_EVERY:
            _save(kept, path)
            fresh = 0
        if progress:
            progress(done, len(names))
    if fresh:
        _save(kept, path)
    fit, test = {}, {}
    for style, clips in chosen.items():
        windows = [kept[_key(clip)] for clip in clips]
        test[style] = windows[HELD_BACK - 1 :: HELD_BACK]
        fit[style] = [one for index, one in enumerate(windows) if index % HELD_BACK != HELD_BACK - 1]
    return Reference(fit, test)


def _by_style(corpus: Corpus) -> dict[str, list[Clip]]:
    groups: dict[str, list[Clip]] = {}
    for clip in [*corpus.train, *corpus.held_out]:
        if clip.kind == ClipKind.FULL:
            groups.setdefault(clip.style, []).append(clip)
    return groups


def _key(clip: Clip) -> str:
    """Name of a clip as it was last rendered."""
    stamp = (clip.folder / "audio" / f"{clip.name}.npy").stat().st_mtime_ns
    return f"{clip.name} {stamp}"


def _save(arrays: Mapping[str, np.ndarray], path: Path) -> None:
    temporary = path.with_name(f"part-{path.name}")
    save_file({name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}, temporary)
    temporary.replace(path)
