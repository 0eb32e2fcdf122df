"""OSC addresses and what they do: `/legato/<control>` for every control, notes, help, subscriptions.

Knows nothing of sockets: messages in, answers out. Follows what Max, Pd, SuperCollider and TouchOSC send:
floats where whole numbers are meant, 0 and 1 for switches, names as one text or as several words.
"""

from __future__ import annotations

import difflib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from legato.conditioning import FAMILIES
from legato.control.bindings import TARGETS
from legato.control.desk import Desk
from legato.control.keys import Keys, Notes
from legato.control.mailbox import check_quantise
from legato.control.osc_plan import MUSICAL, OPEN, ROOT, Address, plan_line, plan_order
from legato.control.scenes import SLOTS
from legato.control.state import (
    CONDUCTOR,
    FIELDS,
    HIGHEST_NOTE,
    LOWEST_NOTE,
    MAX_NOTES,
    MAX_PROMPTS,
    MAX_SEED,
    MAX_WEIGHT,
    RANGES,
    STEPS,
    ControlError,
    checked,
)

MAX_LISTENERS = 16  # remembered; one more, and the first is forgotten
ERRORS_A_SECOND = 50  # answered; a flood of bad messages is not answered with a flood
SOURCE = "osc"

Message = tuple[str, list[Any]]
Sender = tuple[str, int]


_WHAT = {
    "prompts": "what it sounds like: texts, each with its weight or without",
    "bpm": "tempo",
    "key": "key",
    "chord": "chord, instead of the planned ones",
    "density": "sparse … dense",
    "brightness": "dark … bright",
    "loudness": "quiet … loud",
    **{family: f"whether {family} play{'s' * (family in ('bass', 'lead'))}" for family in FAMILIES},
    "notes": "all notes that OSC holds",
    "guidance": "how strictly prompt and controls are followed",
    "temperature": "scale of the noise",
    "seed": "same seed, same plan",
    "conductor": "whether it plans what is left open",
    "steps": "generator steps per chunk",
    "listen": "own sound … what comes in, as the past to go on from",
}
_TYPES = {
    "prompts": "s f …",
    "key": "s",
    "chord": "s",
    "notes": "i …",
    "conductor": "s",
    "seed": "i",
    "steps": "i",
    **dict.fromkeys(RANGES, "f"),
    **dict.fromkeys(FAMILIES, "i"),
}
_NOTE = f"{LOWEST_NOTE}–{HIGHEST_NOTE}"
_CHOICES = {
    "prompts": f"1–{MAX_PROMPTS} texts, weights above 0 to {MAX_WEIGHT:g}",
    "key": "such as A minor, or open",
    "chord": "such as Am7, or open",
    "notes": f"up to {MAX_NOTES} of {_NOTE}, or open",
    "seed": f"0–{MAX_SEED}",
    "conductor": ", ".join(CONDUCTOR),
    "steps": ", ".join(map(str, STEPS)),
    **{family: "0, 1 or open" for family in FAMILIES},
    **{name: f"{low:g}–{high:g}, or open" for name, (low, high) in RANGES.items()},
}
CONTROLS = tuple(Address(f"{ROOT}/{name}", _TYPES[name], _CHOICES[name], _WHAT[name]) for name in FIELDS)
ACTIONS = (
    Address(f"{ROOT}/note", "i f", f"{_NOTE}, velocity", "strike a note; velocity 0 lets it go"),
    Address(f"{ROOT}/note/on", "i …", _NOTE, "strike notes"),
    Address(f"{ROOT}/note/off", "i …", _NOTE, "let notes go"),
    Address(f"{ROOT}/panic", "", "", "let everything go that hardware holds, MIDI and OSC"),
    Address(f"{ROOT}/midi/learn", "s …", ", ".join(TARGETS), "bind the next MIDI controllers moved"),
    Address(f"{ROOT}/subscribe", "[i]", "port 1–65535", "send me events; to that port of mine"),
    Address(f"{ROOT}/unsubscribe", "", "", "no more events"),
    Address(f"{ROOT}/help", "[i]", "port 1–65535", "every address; to that port of mine"),
)
ADDRESSES = (*CONTROLS, *MUSICAL, *ACTIONS)
EVENTS = (
    Address(f"{ROOT}/beat", "i i f", "beat of the bar from 1, bar from 1, bpm", "a beat begins"),
    Address(f"{ROOT}/bar", "i i", "bar from 1, beats in it", "a bar begins"),
    Address(f"{ROOT}/chord", "s", "", "the chord changes"),
    Address(f"{ROOT}/level", "f", "0–1", "loudness of the sound, RMS, ten times a second"),
    Address(f"{ROOT}/error", "s", "", "something was refused; one sentence says why"),
)
_KNOWN = {line.address: line for line in ADDRESSES}


class OscSpace:
    """The namespace, played by any number of senders.

    Args:
        desk: where changes go.
        learn: takes controls for MIDI-learn; None where no MIDI input is open.
        panic: lets go of what other sources hold.
        recall: takes a scene's number from 0; None where no scenes are kept.
        now: seconds of any steady clock.
    """

    def __init__(
        self,
        desk: Desk,
        learn: Callable[[Sequence[str]], None] | None = None,
        panic: Callable[[], None] = lambda: None,
        recall: Callable[[int], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._learn = learn
        self._panic = panic
        self._recall = recall
        self._now = now
        self._patience = (float(ERRORS_A_SECOND), now())  # errors that may be answered, as of a time
        self._keys = Keys()
        self._ports: OrderedDict[Sender, int] = OrderedDict()  # where else a sender wants its answers
        self.subscribers: tuple[Sender, ...] = ()  # where events go; replaced, never changed in place

    def answer_to(self, sender: Sender) -> Sender:
        """Where a sender wants its answers: where it sent from, or at the port it has named."""
        return sender[0], self._ports.get(sender, sender[1])

    def handle(self, address: str, arguments: Sequence[Any], sender: Sender) -> list[Message]:
        """Take a message; gives the answers to its sender. Never raises for what a message holds."""
        try:
            return self._handle(address.rstrip("/") or "/", list(arguments), sender)
        except ControlError as error:
            sentence = str(error)
            return self.complain(lambda: sentence)

    def complain(self, sentence: Callable[[], str]) -> list[Message]:
        """The answer to what was refused; none if there were too many already."""
        left, since = self._patience
        now = self._now()
        left = min(float(ERRORS_A_SECOND), left + (now - since) * ERRORS_A_SECOND)
        self._patience = (max(0.0, left - 1.0), now)
        return [(f"{ROOT}/error", [sentence()])] if left >= 1.0 else []

    def _handle(self, address: str, arguments: list[Any], sender: Sender) -> list[Message]:
        if address in (ROOT, f"{ROOT}/help"):
            self._name_port(arguments, sender)
            return self.help()
        if address not in _KNOWN:
            return self.complain(lambda: _unknown(address))  # looking for near ones takes a while
        name = address.removeprefix(f"{ROOT}/")
        if name in FIELDS and not arguments:
            return [(address, _plain(name, getattr(self._desk.controls, name)))]
        if name == "notes":
            self._hold([self._keys.silence(), *(self._keys.press(0, note) for note in _notes(arguments))])
        elif name in FIELDS:
            self._desk.ask(**{name: _value(name, arguments)})
        elif _KNOWN[address] in MUSICAL:
            return self._conduct(address, name, arguments)
        elif name in ("note", "note/on", "note/off"):
            self._play(name, arguments)
        elif name == "panic":
            self._hold([self._keys.silence()])
            self._panic()
        elif name == "midi/learn":
            self._teach(arguments)
        elif name == "subscribe":
            self._name_port(arguments, sender)
            self.subscribers = (*self._others(sender), self.answer_to(sender))[-MAX_LISTENERS:]
        else:
            self.subscribers = self._others(sender)
        return []

    def help(self) -> list[Message]:
        """A message for each address: address, types, choices, value now, what it is."""
        values = self._desk.controls
        told: list[Message] = []
        for line in (*ADDRESSES, *EVENTS):
            name = line.address.removeprefix(f"{ROOT}/")
            control = line in CONTROLS
            now = " ".join(map(str, _plain(name, getattr(values, name)))) if control else ""
            told.append((f"{ROOT}/help", [line.address, line.types, line.choices, now, line.what]))
        return told

    def _conduct(self, address: str, name: str, arguments: list[Any]) -> list[Message]:
        """What has to do with musical time."""
        if name == "scene":
            if self._recall is None:
                raise ControlError("no scenes are kept; start Legato with --scenes FILE")
            if (
                len(arguments) != 1
                or isinstance(arguments[0], (str, bool))
                or arguments[0] not in range(1, SLOTS + 1)
            ):
                raise ControlError(f"scene is {arguments!r:.40}; give one number from 1 to {SLOTS}")
            self._recall(int(arguments[0]) - 1)
            return []
        player = self._desk.playing
        if name == "plan":
            return [(address, plan_line(bar)) for bar in player.status()["plan"]]
        if name == "quantise":
            if not arguments:
                return [(address, [player.quantise])]
            player.quantise = check_quantise(arguments[0] if len(arguments) == 1 else arguments)
        elif name == "cancel":
            player.cancel(*arguments)
        else:
            player.order(plan_order(name.removeprefix("plan/"), arguments))
        return []

    def _play(self, name: str, arguments: list[Any]) -> None:
        if name == "note":
            if len(arguments) != 2:
                raise ControlError("/legato/note takes a note and its velocity, such as 60 100")
            velocity = arguments[1]
            if isinstance(velocity, bool) or not isinstance(velocity, (int, float)):
                raise ControlError(f"the velocity is {velocity!r:.40}; it must be a number, 0 to let go")
            name = "note/on" if velocity > 0 else "note/off"
            arguments = arguments[:1]
        act = self._keys.press if name == "note/on" else self._keys.release
        self._hold([act(0, note) for note in _notes(arguments)])

    def _hold(self, steps: Sequence[list[Notes]]) -> None:
        for sets in steps:
            for notes in sets:
                self._desk.hold(SOURCE, notes)

    def _teach(self, arguments: list[Any]) -> None:
        if self._learn is None:
            raise ControlError("no MIDI input is open; start Legato with --midi")
        self._learn(arguments)

    def _name_port(self, arguments: list[Any], sender: Sender) -> None:
        if not arguments:
            return
        port = arguments[0]
        whole = isinstance(port, (int, float)) and not isinstance(port, bool) and port in range(1, 65536)
        if len(arguments) != 1 or not whole:
            raise ControlError(f"the port is {port!r:.40}; it must be one whole number from 1 to 65535")
        self._ports[sender] = int(port)
        if len(self._ports) > MAX_LISTENERS:
            self._ports.popitem(last=False)

    def _others(self, sender: Sender) -> tuple[Sender, ...]:
        return tuple(other for other in self.subscribers if other != self.answer_to(sender))


def _value(name: str, arguments: list[Any]) -> Any:
    """What a control is asked to be, as `Controls` takes it."""
    if name == "prompts":
        return _prompts(arguments)
    if name in ("key", "chord", "conductor") and all(isinstance(word, str) for word in arguments):
        value: Any = " ".join(arguments)  # Max and Pd send "A minor" as two words
    elif len(arguments) == 1:
        value = arguments[0]
    else:
        raise ControlError(f"{name} takes one value, not {len(arguments)}")
    if value is None or value == OPEN:
        return None
    if name in FAMILIES and isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    return value


def _prompts(arguments: list[Any]) -> Any:
    """Texts, each with the number that follows it as its weight; or texts alone, as of `parse_prompts`."""
    if all(isinstance(argument, str) for argument in arguments):
        return arguments
    weights: dict[str, Any] = {}
    text: str | None = None
    for argument in arguments:
        if isinstance(argument, str):
            text = argument
            weights[text] = 1.0
        elif text is None:
            raise ControlError("prompts: write texts, each followed by its weight or by none")
        else:
            weights[text] = argument
            text = None
    return weights


def _notes(arguments: list[Any]) -> list[int]:
    """Validated notes, in their order; none for "open"."""
    if arguments in ([OPEN], [None]):
        return []
    checked("notes", arguments)
    return [int(note) for note in arguments]


def _plain(name: str, value: Any) -> list[Any]:
    """A control's value as OSC arguments."""
    if isinstance(value, Mapping):
        return [part for pair in value.items() for part in pair]
    if isinstance(value, tuple):
        return list(value) or [OPEN]
    if value is None:
        return [OPEN]
    return [int(value) if name in FAMILIES else value]


def _unknown(address: str) -> str:
    name = address.removeprefix(ROOT).strip("/")
    names = [line.address.removeprefix(f"{ROOT}/") for line in ADDRESSES]
    said = [known for known, line in zip(names, ADDRESSES, strict=True) if name in line.what.split()]
    near = [name] if name in names else said or difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(f'{ROOT}/{known}' for known in near)}? " if near else ""
    return f"unknown address {address[:60]!r}; {meant}{ROOT}/help lists them all"
