"""The sentences that captions are: templates by what they speak of.

A slot in braces is filled from `captions.vocabulary`; a number, as in `{genre2}`, asks for another word
of the same slot. A template is used only where every slot has words, so that `{solo}` speaks of single parts alone.
"""

# Tables: phrasings of a kind to a row read better than one to a line.
# ruff: noqa: E501

from __future__ import annotations

TEMPLATES: dict[str, tuple[str, ...]] = {
    "style": (
        "{genre}", "{genre}", "{genre}", "{mood} {genre}", "{mood} {genre}", "{mood} {genre}",
        "{mood}, {mood2}, {genre}", "{energy} {genre}", "{energy} and {mood} {genre}", "a {mood} {genre} track",
        "a {energy} {genre} piece", "{genre} for a {mood} evening", "something {mood}, {genre}",
        "play {mood} {genre}", "some {genre}, {mood} and {energy}", "{mood}", "{mood} {energy} music",
        "{energy} {mood} music", "instrumental {genre}, {mood}", "{setting} {genre}", "{mood} {setting} {genre}",
        "{production} {genre}", "{production}, {mood} {genre}", "{genre} with a {production} feel",
        "{setting} {genre}, {production}", "{genre}, {mood}, {production}, {setting}",
        "a {production} {genre} track from the {era}", "{genre} like in the {era}", "{era} {genre}",
        "{sound} {genre}", "{genre}, {sound}", "{mood} {genre}, {sound} and {production}",
        "{genre} {section}", "{mood} {genre} {section}", "the {section} of a {genre} track",
    ),
    "tempo and key": (
        "{tempo} {genre}", "{genre} {bpm}", "{genre}, {bpm}", "{mood} {genre} {bpm}", "{genre} at {bpm}",
        "{genre} in {key}", "{mood} {genre} in {key}", "{genre} in {key} at {bpm}", "{genre}, {key}, {bpm}",
        "{genre}, {mood}, {bpm}", "{tempo}, {mood} {genre}", "a {mood} {genre} piece in {key}",
        "a {tempo} {genre} {beat}", "{tempo} {mood} music in {key}", "{genre} in {meter}", "{meter}, {genre}",
        "a {mood} {genre} in {meter}", "{genre} loop, {bpm}, {key}", "{tempo} and {energy}", "{tempo} {mood} music",
        "{key}, {bpm}, {genre}, {mood}", "{bpm} {genre}", "{tempo} {setting} {genre} at {bpm}",
        "{production} {genre}, {bpm}, {key}",
    ),
    "instruments": (
        "{genre} with {instrument}", "{genre} with {instrument}", "{genre} with {instrument} and {instrument2}",
        "{mood} {genre} with {instrument}", "{mood} {genre} with {instrument} and {instrument2}",
        "{tempo} {genre} with {instrument}", "{instrument}, {genre}", "{instrument} and {instrument2}",
        "{instrument}, {instrument2}, {instrument3}", "{instrument} and {instrument2}, {mood} {genre}",
        "{mood} {instrument}", "{mood} {instrument} and {instrument2}", "{genre} {instrument} with {instrument2}",
        "{genre}, {instrument}, {instrument2}, {mood}", "{mood} music with {instrument}",
        "a {energy}, {mood} {genre} track with {instrument}",
        "a {tempo} {genre} track with {instrument} and {instrument2} in {key}", "{instrument} playing {genre}",
        "{instrument} over {instrument2}, {genre}", "instrumental {genre} with {family}",
        "some {mood} {genre} with {instrument}", "{mood} and {mood2} {genre}, {instrument}, {bpm}",
        "{genre}; {tempo}; {instrument}", "{genre} {beat} with {instrument}", "{genre} with {instrument} leading",
        "{production} {instrument}, {genre}", "{instrument}", "{setting} {genre} with {instrument}",
        "{mood} {instrument} in {key}", "{instrument} with {instrument2}, {tempo}",
        "{genre}, {instrument}, {instrument2}, {bpm}, {key}", "{sound} {instrument} and {instrument2}",
    ),
    "flavour": (
        "{flavour} {instrument}", "{mood} {flavour} {instrument}", "{flavour} {instrument} with {instrument2}",
        "{flavour} {instrument} with {instrument2}", "{flavour} {instrument} with {instrument2}, {mood}",
        "{flavour} {instrument} and {instrument2}, {bpm}", "{tempo} {flavour} {instrument}, {mood}",
        "a {energy} {flavour} track", "{flavour} with {instrument}, {absent}", "{mood} {flavour} {beat}",
        "{production} {flavour} {instrument}", "{flavour} music, {tempo}",
        "{flavour} instrumental with {instrument}, {instrument2} and {instrument3}",
    ),
    "scene": (
        "{scene}", "{scene}", "{scene}", "music for {a_scene}", "music for {a_scene}", "{genre} for {a_scene}",
        "{genre} for {a_scene}", "{mood} music for {a_scene}", "{mood} {genre} for {a_scene}",
        "{scene}, {genre}", "{scene}, {mood}", "{scene} with {instrument}", "{scene} music", "{scene}, {instrument}",
        "{scene}, {bpm}", "{scene}, {tempo}, {mood}", "background music for {a_scene}", "something for {a_scene}",
        "{instrument} for {a_scene}", "{mood} {instrument} for {a_scene}", "{scene}, {absent}",
        "soundtrack for {a_scene}", "{production} sound for {a_scene}", "{setting} {genre} for {a_scene}",
        "{instrument} and {instrument2} for {a_scene}", "{energy} music for {a_scene}, {key}",
        "a {tempo} piece for {a_scene}", "{scene}, {scene2}", "{mood}, {scene}, {production}",
    ),
    "everything": (
        "{mood} {production} {genre} with {instrument}, {instrument2} and {instrument3}, {tempo}, in {key}",
        "a {energy}, {mood} {genre} track for {a_scene} with {instrument} and {instrument2}, around {bpm}",
        "{setting} {genre} for {a_scene}, {mood} and {production}, with {instrument} and {instrument2}",
        "{scene}: {mood} {genre} with {instrument} over {instrument2}, {tempo}, {absent}",
        "{genre}, {mood}, {mood2}, {energy}, {tempo}, {instrument}, {instrument2}, {key}",
        "{mood} music for {a_scene}, with {instrument} and {instrument2} in {key} at {bpm}",
        "instrumental {genre}, {bpm}, {key}, {instrument}, {instrument2}, {instrument3}, {mood}, {production}",
        "something {mood} and {energy} for {a_scene}, {setting} {genre} with {instrument}",
        "a {tempo} {production} {genre} piece, {mood}, with {instrument}, {absent}",
    ),
    "absence": (
        "{genre}, {absent}", "{mood} {genre}, {absent}", "{genre} {absent}", "{genre} with {instrument}, {absent}",
        "{mood} {instrument}, {absent}", "{absent}, {mood}", "{genre}, {absent}, {absent2}",
        "{genre}, {only}", "{only}", "{mood} {genre}, {only}", "{only}, {bpm}", "{only}, {mood}, {key}",
        "{flavour} {only}", "{only}, {genre}, {tempo}",
    ),
    "one part": (
        "solo {solo}", "solo {solo}", "just {solo}", "only {solo}", "{solo} alone", "unaccompanied {solo}",
        "{solo}, nothing else", "{mood} solo {solo}", "{solo} solo", "solo {solo} in {key}", "solo {solo}, {bpm}",
        "{tempo} solo {solo}, {mood}", "{solo} on its own, {mood}", "{flavour} {solo} solo", "{solo}",
        "{sound} solo {solo}", "{energy} {solo} by itself", "just {solo}, {absent}, {absent2}",
        "a lone {line} line", "a {mood} {line} line", "single notes on {a_line}", "{line} melody", "{line} notes",
        "{a_line} playing one note at a time", "{line} line in {key}",
        "{chordal} chords", "{mood} {chordal} chords", "chords on {a_chordal}", "{chordal} chords in {key}",
        "someone playing {a_chordal}", "{chordal} harmony, {tempo}",
        "just {kit}", "only {kit}", "solo {kit}", "{kit}, nothing else", "{kit} loop", "{kit} groove, {bpm}", "a {energy} {kit} pattern", "{flavour} {kit} loop",
    ),
}  # fmt: skip
"""Training templates by subject."""

WEIGHTS = {
    "style": 0.22, "tempo and key": 0.16, "instruments": 0.22, "flavour": 0.08, "scene": 0.22, "absence": 0.1, "everything": 0.12,
    "one part": 1.6,
}  # fmt: skip
"""Shares of the subjects; one that says nothing about a clip leaves its share to the others."""

# Never seen in training: measurement prompts.
HELD_OUT_TEMPLATES: dict[str, tuple[str, ...]] = {
    "style": (
        "the sound of {mood} {genre}", "{genre} that feels {mood}", "give me {energy} {genre}, {tempo}",
        "let's go {mood}: {genre}", "imagine {mood} {genre}, {absent}",
        "how {genre} would sound if it were {production}",
    ),
    "tempo and key": (
        "{mood} tune, {genre} style, around {bpm}", "can you do {genre}, maybe {bpm}, somewhere in {key}",
    ),
    "instruments": (
        "I would like to hear {genre} with {instrument}", "{genre} where {instrument} can be heard",
        "an instrumental built on {instrument} and {instrument2}, close to {genre}",
        "soundtrack of {genre}: {instrument}, {mood} feeling, written in {key}",
        "{instrument} in a {flavour} mood, backed by {instrument2}",
    ),
    "scene": (
        "imagine {a_scene}", "it should fit {a_scene}", "picture this: {a_scene}, {mood}",
        "what could be heard during {a_scene}, with {instrument}", "score {a_scene} as {genre}",
    ),
    "one part": ("nobody but {solo}", "let {solo} speak without company", "leave everything out except {solo}"),
}  # fmt: skip
