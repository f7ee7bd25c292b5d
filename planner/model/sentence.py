"""A text that remembers the sentence it was made from, so that the window can say it in another language."""

from collections.abc import Sequence
from typing import Self


class Sentence(str):
    """English as any other text. `pattern` is the sentence with {names}, `values` what stands in their places.

    A value that is a Sentence is said in the other language too; a plain text is content and stays.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> Self:
        made = super().__new__(cls, pattern.format(**values) if values else pattern)
        made.pattern, made.values = pattern, values
        return made


def one_of(parts: Sequence[str]) -> str:
    """The parts with "or" between them."""
    return parts[0] if len(parts) == 1 else Sentence("{one} or {more}", one=parts[0], more=one_of(parts[1:]))


def all_of(parts: Sequence[str]) -> str:
    """The parts with "and" between them."""
    return parts[0] if len(parts) == 1 else Sentence("{one} and {more}", one=parts[0], more=all_of(parts[1:]))


def joined(parts: Sequence[str]) -> str:
    """The parts with semicolons between them."""
    return parts[0] if len(parts) == 1 else Sentence("{one}; {more}", one=parts[0], more=joined(parts[1:]))


def listed(parts: Sequence[str]) -> str:
    """The parts with commas between them; a word of ours where there is none."""
    return ", ".join(parts) or Sentence("none")


def with_count(count: int, one: str, several: str) -> Sentence:
    """A {count} with its word: `one` of 1, `several` of more."""
    return Sentence(one if count == 1 else several, count=count)


def and_more(parts: Sequence[str]) -> str:
    """The first of the parts, and how many more there are."""
    return parts[0] if len(parts) == 1 else Sentence("{first} and {count} more", first=parts[0], count=len(parts) - 1)
