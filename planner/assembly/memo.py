"""A bounded memory of what was computed, for keys that are cheap to compare."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memo(Generic[Key, Value]):
    """Keeps the results asked for last, `size` of them; the oldest falls out.

    Where a key holds the `id` of an object, the value must hold the object, so that nothing else can get that id.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: dict[Key, Value] = {}

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The result for that key, made where it is not kept."""
        kept = self._kept
        found = kept.pop(key, None)
        if found is None:
            found = make()
            if len(kept) >= self.size:
                del kept[next(iter(kept))]
        kept[key] = found
        return found

    def forget(self) -> None:
        """Drop everything."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
