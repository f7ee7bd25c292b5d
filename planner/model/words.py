"""Words as people type them when they search."""

import re
import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """Without accents and case: "Müller" and "MULLER" are the same when searching."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether one of these names stands in the text as a word, or as words in a row."""
    said = _words(text)
    return any(_words(name) in said for name in names if name.strip())


def _words(text: str) -> str:
    """The words of a text, each between spaces."""
    words = re.findall(r"\w+", fold(text))
    return f" {' '.join(words)} "
