"""Prompts for distilling open models, made by the thousand: all that such a run is fed besides the model.

An open model knows far more music than the embedded one was taught, so its bank has to be as wide: 240
genres, each with players, moods and tempi that belong to it, said in many ways: a word or two, lists of tags,
sentences, places and uses, with and without tempo and key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random

import yaml

COUNT = 6000
STRANGE = 0.06  # share of prompts that mix two kinds of music


@dataclass(frozen=True)
class Kind:
    """A kind of music: its genres and what belongs to them."""

    genres: tuple[str, ...]
    players: tuple[str, ...]
    moods: tuple[str, ...]
    tempo: tuple[int, int]


@dataclass(frozen=True)
class Words:
    """All kinds, and what goes with every one."""

    kinds: tuple[Kind, ...]
    common: dict[str, tuple[str, ...]]


def prompt_bank(count: int = COUNT, seed: int = 1) -> list[str]:
    """Different prompts, every genre equally often; the same for the same seed.

    Args:
        count: how many, 1 to 100,000.
        seed: another seed, other prompts.

    Raises:
        ValueError: `count` is out of range.
    """
    if not 1 <= count <= 100_000:
        raise ValueError(f"count is {count}; it must be from 1 to 100000")
    words, rng = load_words(), Random(f"{seed}:prompt bank")
    pairs = [(kind, genre) for kind in words.kinds for genre in kind.genres]
    found: dict[str, None] = {}
    while len(found) < count:
        rng.shuffle(pairs)
        for kind, genre in pairs:
            found.setdefault(_Speaker(rng, words, kind, genre).say())
    return list(found)[:count]


@cache
def load_words() -> Words:
    """The words of `bank.yaml`."""
    tree = yaml.safe_load((resources.files("legato") / "training" / "bank.yaml").read_text(encoding="utf-8"))
    kinds = [
        Kind(tuple(kind["genres"]), tuple(kind["players"]), tuple(kind["moods"]), tuple(kind["tempo"]))
        for kind in tree.pop("kinds").values()
    ]
    return Words(tuple(kinds), {name: tuple(map(str, entries)) for name, entries in tree.items()})


class _Speaker:
    """Puts one genre into words.

    Args:
        rng: source of every choice.
        words: to choose from.
        kind: of the genre.
        genre: what it is about.
    """

    def __init__(self, rng: Random, words: Words, kind: Kind, genre: str) -> None:
        self.rng, self.words, self.kind, self.genre = rng, words, kind, genre
        if rng.random() < STRANGE:
            other = rng.choice(words.kinds)
            self.genre = (
                f"{genre} {rng.choice(('meets', 'mixed with', 'with a touch of'))} {rng.choice(other.genres)}"
            )

    def say(self) -> str:
        """One prompt."""
        ways: tuple[tuple[float, Callable[[], str]], ...] = (
            (1, self._bare),
            (4, self._tags),
            (3, self._with_players),
            (2, self._sentence),
            (2, self._scene),
            (1, self._solo),
            (1, self._old),
            (1, self._players_alone),
        )
        (way,) = self.rng.choices([way for _, way in ways], [weight for weight, _ in ways])
        return self._measured(way())

    def _bare(self) -> str:
        return self.rng.choice(
            (f"{self._mood()} {self.genre}", self.genre, f"{self.genre}, {self._common('sounds')}")
        )

    def _tags(self) -> str:
        tags = [self._mood(), *self._players(self.rng.randint(1, 3))]
        tags += [
            self._common(name) for name in ("sounds", "shapes", "times", "less") if self.rng.random() < 0.25
        ]
        self.rng.shuffle(tags)
        return ", ".join([self.genre, *tags])

    def _with_players(self) -> str:
        players = self._players(self.rng.randint(1, 3))
        listed = " and ".join(filter(None, (", ".join(players[:-1]), players[-1])))
        tail = self.rng.choice(("", "", f", {self._common('shapes')}", f", {self._common('sounds')}"))
        return f"{self._mood()} {self.genre} with {listed}{tail}"

    def _sentence(self) -> str:
        first, second = self._players(2)
        opening = self.rng.choice(
            (
                f"{first} over {second}, in the manner of {self.genre}",
                f"a {self._mood()} piece of {self.genre}: {first}, then {second}",
                f"{self.genre} in which {first} answers {second}",
                f"{first} leads, {second} follows; {self._mood()} {self.genre}",
            )
        )
        return self.rng.choice(
            (opening, f"{opening}, {self._common('shapes')}", f"{opening}, {self._common('sounds')}")
        )

    def _scene(self) -> str:
        return self.rng.choice(
            (
                f"{self._mood()} {self.genre} for {self._common('uses')}",
                f"{self.genre} that sounds like {self._common('places')}",
                f"music for {self._common('uses')}: {self._mood()} {self.genre}",
                f"{self._common('places')}, {self._players(1)[0]}, {self._mood()} {self.genre}",
            )
        )

    def _solo(self) -> str:
        return f"{self._mood()} {self.genre}, {self._common('less')}, {self._players(1)[0]}"

    def _old(self) -> str:
        return f"{self._common('times')} {self.genre}, {self._mood()}, {self._common('sounds')}"

    def _players_alone(self) -> str:
        return f"{', '.join(self._players(2))}, {self._mood()}, {self._common('sounds')}"

    def _measured(self, text: str) -> str:
        """With tempo or key, now and then: some models read them from the prompt alone."""
        low, high = self.kind.tempo
        if self.rng.random() < 0.15:
            text += f", {self.rng.randint(low, high)} bpm"
        if self.rng.random() < 0.08:
            text += f", {self._common('keys')}"
        return text

    def _mood(self) -> str:
        return self.rng.choice(self.kind.moods)

    def _players(self, count: int) -> list[str]:
        return self.rng.sample(self.kind.players, count)

    def _common(self, name: str) -> str:
        return self.rng.choice(self.words.common[name])
