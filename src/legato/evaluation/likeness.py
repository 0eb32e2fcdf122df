"""Does it sound like its style, and like music? Naming by a classifier, and distances of embeddings.

Legend: W windows of 3 s, E embedding size, S styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from legato.control.conductor import nearest_style
from legato.corpus.clips import ClipKind
from legato.corpus.dataset import Clip
from legato.evaluation import musicnn
from legato.evaluation.classifier import StyleClassifier, nearest_own
from legato.evaluation.distances import fad, frechet, gaussian, kad
from legato.evaluation.reference import Reference
from legato.evaluation.renders import Command, Take
from legato.evaluation.table import Sheet, Table
from legato.models.prompt import PromptEncoder
from legato.music.grammar import STYLES
from legato.music.theory import PITCH_CLASSES


def styled_commands(clips: Sequence[Clip], count: int, seed: int = 0) -> list[Command]:
    """Held-out captions, style by style in turn, with a tempo and a key that suit the style.

    Args:
        clips: held-out clips.
        count: how many commands.
        seed: of the draws, and of the noise.
    """
    rng = np.random.default_rng([seed, 1906])
    by_style: dict[str, list[str]] = {}
    for clip in clips:  # whole bands: captions of the other kinds ask for less than a style
        if clip.kind != ClipKind.FULL:
            continue
        by_style.setdefault(clip.style, []).extend(clip.captions)
    styles = sorted(by_style)
    commands = []
    for index in range(count):
        style = styles[index % len(styles)]
        captions, grammar = by_style[style], STYLES[style]
        low, high = grammar.tempo
        key = f"{PITCH_CLASSES[rng.integers(12)]} {grammar.modes[rng.integers(len(grammar.modes))]}"
        controls = {
            "bpm": round(float(rng.uniform(low, high)), 1),
            "key": key,
            "seed": seed * 10_000 + index,
        }
        prompt = captions[rng.integers(len(captions))]
        commands.append(Command(prompt, controls, group=index, style=style))
    return commands


def measure_likeness(
    table: Table,
    takes: Sequence[Take],
    real: Reference,
    classifier: StyleClassifier,
    coded: Sequence[tuple[str, np.ndarray]],
) -> None:
    """Styles named right, and distances to real music, of renders whose prompts ask for a style.

    Args:
        table: gets the figures.
        takes: renders, their commands with a style.
        real: embeddings of the corpus.
        classifier: learnt from them.
        coded: style and audio of held-out clips through the codec; may be empty.
    """
    table.one(
        "classifier_accuracy",
        classifier.accuracy(real.test),
        "real clips the classifier never saw, named right",
    )
    made = [(take.command.style, musicnn.embed(take.settled)) for take in takes]
    named = [classifier.name(windows) == style for style, windows in made]
    table.add("style_named_share", named, "generated clips whose style a classifier of real clips names")
    every = np.concatenate([windows for _, windows in made])
    corpus, halves = real.all(), real.halves()
    table.one("fad", fad(every, corpus), "Fréchet distance of musicnn embeddings, generated to real")
    table.one("fad_floor", fad(*halves), "the same between two halves of the corpus")
    table.one("kad", kad(every, corpus), "kernel distance of the same embeddings")
    table.one("kad_floor", kad(*halves), "the same between two halves of the corpus")
    if coded:
        rebuilt = [(style, musicnn.embed(audio, hop=2)) for style, audio in coded]
        table.add(
            "style_named_codec",
            [classifier.name(windows) == style for style, windows in rebuilt],
            "the same of real held-out clips through the codec",
        )
        windows = np.concatenate([windows for _, windows in rebuilt])
        table.one("fad_codec", fad(windows, corpus), "real held-out clips through the codec, to real")
        _, share = _per_style(_grouped(rebuilt), real)
        table.one(
            "fad_own_style_codec", share, "styles whose clips through the codec lie nearest their own style's"
        )
    sheet, share = _per_style(_grouped(made), real)
    table.one("fad_own_style_share", share, "styles whose renders lie nearest their own style's real clips")
    table.sheets.append(sheet)


def named_commands(commands: Sequence[Command]) -> list[Command]:
    """The same with nothing but what their style is called for a prompt."""
    return [replace(command, prompt=STYLES[command.style].title) for command in commands]


def measure_named(table: Table, takes: Sequence[Take], real: Reference, classifier: StyleClassifier) -> None:
    """What is left of a style once words are understood: renders whose prompt was the style's name.

    Args:
        table: gets the figures.
        takes: renders of `named_commands`.
        real: embeddings of the corpus.
        classifier: learnt from real clips.
    """
    made = [(take.command.style, musicnn.embed(take.settled)) for take in takes]
    named = [classifier.name(windows) == style for style, windows in made]
    table.add("style_named_plainly", named, "the same where the prompt is the style's name alone")
    _, share = _per_style(_grouped(made), real)
    table.one(
        "fad_own_style_plainly", share, "styles whose renders, asked by name, lie nearest their own style's"
    )


def measure_meant(
    table: Table, prompts: PromptEncoder, styles: Mapping[str, np.ndarray], clips: Sequence[Clip]
) -> None:
    """How often the conductor takes a held-out caption for its style.

    Args:
        table: gets the figure.
        prompts: the text encoder.
        styles: the conductor's direction of each style.
        clips: held-out clips.
    """
    told = [
        nearest_style(styles, prompts.encode([caption])[0], None) == clip.style
        for clip in clips
        if clip.kind == ClipKind.FULL
        for caption in clip.captions
    ]
    table.add("style_meant_share", told, "held-out captions that the conductor takes for their style")


def _grouped(made: Sequence[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    groups: dict[str, list[np.ndarray]] = {}
    for style, windows in made:
        groups.setdefault(style, []).append(windows)
    return {style: np.concatenate(windows) for style, windows in groups.items()}


def _per_style(made: Mapping[str, np.ndarray], real: Reference) -> tuple[Sheet, float]:
    """Distance of each style's renders to its own real clips and to the nearest other style's."""
    known = [style for style in real.styles if style in made]
    targets = {style: gaussian(real.of_style(style)) for style in real.styles}
    rows = []
    for style in known:
        own = gaussian(made[style])
        rows.append([frechet(own, targets[other]) for other in [*known, *_others(real, known)]])
    distances = np.array(rows)
    sheet = Sheet("FAD per style", ["to its own", "to the nearest other"])
    for index, style in enumerate(known):
        others = np.delete(distances[index], index)
        nearest = others.min() if len(others) else float("nan")
        sheet.rows[style] = [distances[index, index], nearest]
    return sheet, nearest_own(distances)


def _others(real: Reference, known: Sequence[str]) -> list[str]:
    return [style for style in real.styles if style not in known]


def blend_commands(commands: Sequence[Command], shares: Sequence[float]) -> list[Command]:
    """Prompts of neighbouring commands (first and second, third and fourth, …) mixed at each share."""
    mixed = []
    for one, other in zip(commands[::2], commands[1::2], strict=False):
        for share in shares:
            weights = {one.prompt: 1 - share, other.prompt: share}
            blend = {prompt: weight for prompt, weight in weights.items() if weight > 0}
            style = f"{one.style or one.prompt[:24]} → {other.style or other.prompt[:24]}"
            mixed.append(replace(one, blend=blend, style=style, varies="blend"))
    return mixed
