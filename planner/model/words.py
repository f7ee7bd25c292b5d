"""Words as people type them when they search."""

import re
import unicodedata
from collections.abc import Iterable

_WITHOUT_STROKE = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that Unicode does not take apart into a plain one and a mark."""
_AS_TWO = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_TWO = re.compile("([aou])e")
_INSIDE = re.compile("(?<=\\w)['’ʼ`-](?=\\w)")


def fold(text: str) -> str:
    """Without accents and case: "Müller" and "MULLER" are the same when searching."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_STROKE)
    return "".join(character for character in parts if not unicodedata.combining(character))


def spellings(name: str) -> tuple[str, ...]:
    """Other ways in which people type a name: "Löffler" as Loeffler and the reverse, "O'Brien" in one word."""
    small = fold(name)
    ways = (fold(name.casefold().translate(_AS_TWO)), _TWO.sub(r"\1", small), _INSIDE.sub("", small))
    return tuple(dict.fromkeys(way for way in ways if way != small))


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether one of these names stands in the text as a word, or as words in a row."""
    said = _words(text)
    return any(_words(name) in said for name in names if name.strip())


def _words(text: str) -> str:
    """The words of a text, each between spaces."""
    words = re.findall(r"\w+", fold(text))
    return f" {' '.join(words)} "
