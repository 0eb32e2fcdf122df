"""A list that the garbage collector has nothing to look into.

A log grows with every gesture, and its entries, once made, stay. As objects, those of an hour of knobs cost
every look at all objects a tenth of a second; as their pickles they cost it nothing, and less memory.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar, overload

Entry = TypeVar("Entry")


class Ledger(Sequence[Entry]):
    """Entries in the order they were made; each is unpickled when it is asked for, a fresh one each time.

    One thread may append while others read what was there before.

    Args:
        entries: to begin with.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._kept: list[bytes] = []
        self.extend(entries)

    def append(self, entry: Entry) -> None:
        """Add one at the end."""
        self._kept.append(pickle.dumps(entry, pickle.HIGHEST_PROTOCOL))

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add some at the end; those of another ledger are shared."""
        if isinstance(entries, Ledger):
            self._kept.extend(entries._kept)
        else:
            for entry in entries:
                self.append(entry)

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Ledger[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Ledger[Entry]:
        if isinstance(index, slice):
            part: Ledger[Entry] = Ledger()
            part._kept = self._kept[index]
            return part
        return pickle.loads(self._kept[index])

    def __iter__(self) -> Iterator[Entry]:
        return map(pickle.loads, tuple(self._kept))

    def __delitem__(self, index: slice) -> None:
        del self._kept[index]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Ledger({list(self)!r})"
