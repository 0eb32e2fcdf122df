"""Keys that are down, with the sustain pedal, for each channel of one source."""

from __future__ import annotations

Notes = tuple[int, ...]


class Keys:
    """Turns presses, releases and the pedal into sets of sounding notes.

    Every method returns the sets to be played, in order: none if nothing changed, two if a note is struck
    anew while it sounds (without it, then with it), so that its start is heard.
    """

    def __init__(self) -> None:
        self._down: dict[tuple[int, int], bool] = {}  # (channel, note) -> held by the pedal alone
        self._pedals: set[int] = set()

    @property
    def sounding(self) -> Notes:
        """Notes that sound, in the order they were struck."""
        return tuple(dict.fromkeys(note for _, note in self._down))

    def press(self, channel: int, note: int) -> list[Notes]:
        """A key goes down."""
        again = note in self.sounding
        for key in [key for key in self._down if key[1] == note and (self._down[key] or key[0] == channel)]:
            del self._down[key]
        without = self.sounding
        self._down[channel, note] = False
        return [without, self.sounding] if again and note not in without else [self.sounding]

    def release(self, channel: int, note: int) -> list[Notes]:
        """A key comes up; under the pedal its note goes on."""
        key = (channel, note)
        if key not in self._down:
            return []
        if channel in self._pedals:
            self._down[key] = True
            return []
        return self._drop([key])

    def pedal(self, channel: int, down: bool) -> list[Notes]:
        """The sustain pedal goes down or up."""
        if down:
            self._pedals.add(channel)
            return []
        self._pedals.discard(channel)
        return self._drop([key for key, kept in self._down.items() if kept and key[0] == channel])

    def release_all(self, channel: int) -> list[Notes]:
        """Every key of a channel comes up; those under the pedal go on."""
        if channel in self._pedals:
            self._down.update({key: True for key in self._down if key[0] == channel})
            return []
        return self._drop([key for key in self._down if key[0] == channel])

    def silence(self, channel: int | None = None) -> list[Notes]:
        """Nothing of a channel, or of any, is held, by key or by pedal."""
        self._pedals = set() if channel is None else self._pedals - {channel}
        return self._drop([key for key in self._down if channel in (None, key[0])])

    def _drop(self, keys: list[tuple[int, int]]) -> list[Notes]:
        before = self.sounding
        for key in keys:
            del self._down[key]
        return [self.sounding] if self.sounding != before else []
