"""All families of open models by name, and the names of teachers: `family:folder or hub id`."""

from __future__ import annotations

from legato.teachers.ace_step import AceStep
from legato.teachers.family import Family
from legato.teachers.playable import TeacherError
from legato.teachers.stable_audio import StableAudio
from legato.teachers.stable_audio_3 import StableAudio3

_ALL: tuple[Family, ...] = (AceStep(), StableAudio(), StableAudio3())
FAMILIES = {family.name: family for family in _ALL}


def family_of(name: str) -> Family:
    """The family of this name.

    Raises:
        TeacherError: there is none; the choices are named.
    """
    if name not in FAMILIES:
        raise TeacherError(f"no family of models {name!r}; choose {', '.join(FAMILIES)}")
    return FAMILIES[name]


def parse_teacher(text: str) -> tuple[Family, str]:
    """Family and place of `family:place`.

    Raises:
        TeacherError: no such family, or no place.
    """
    name, _, place = text.partition(":")
    family = family_of(name)
    if not place:
        raise TeacherError(f"teacher {text!r} names no model: write {name}: and a folder or a hub id")
    return family, place
