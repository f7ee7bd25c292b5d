"""Text to measured lines: what can be printed, how wide it is, where it is broken."""

import re
from collections.abc import Container

from msgspec import Struct

from planner.exports.pdf.faces import Face
from planner.exports.wording.text import held_together, printable, unprintable
from planner.model.language import GLUE

TIGHTEST = 0.78
"""A single word wider than its cell is set narrower down to this part of its width before it is broken."""

BASELINE = 0.78
"""Where in the height of a line its letters stand."""
DATE = re.compile(r"\d\d-[A-Z][a-z]{2}-\d{4}")
DATE_BEGINS = re.compile(r"\d\d-([A-Z][a-z]{2}-)?")
"""A date, and what of one stands before each of its hyphens."""


class Style(Struct, frozen=True):
    """A face, its size and line height in points, and how far in it stands.

    Text is black: pale letters break up on a fax (promises P5). What is `muted`, a second language, is a grey so dark
    that a fax has it black.
    """

    face: Face
    size: float
    leading: float
    struck: bool = False
    muted: bool = False
    indent: float = 0.0


class Block(Struct):
    """Lines of text one under the other, measured: the text of each and the part of its natural width it is set in.

    `height` is the sum of their heights, `baseline` that of the first under the top. `drawn` is what the pen made of
    it: the font it begins with, what shows it, the font it ends with, how many hundredths of a point it goes down.
    """

    lines: list[tuple[Style, str, float]]
    height: float
    baseline: float
    drawn: tuple[str, str, str, int] | None = None


Wrapped = tuple[str, float]
"""One line of a paragraph and the part of its natural width it is set in."""


class Wrapper:
    """Wraps the texts of one sheet, and keeps a list of every text that cannot be printed."""

    def __init__(self, glyphs: Container[int]) -> None:
        self.where = ""
        self.parted: set[str] = set()
        """Words that some column was too narrow for, so that they were cut inside."""
        self._problems: dict[tuple[str, str], str] = {}
        self._glyphs = glyphs
        self._seen: dict[str, str] = {}
        self._whole: dict[tuple[str, int], tuple[float, Block]] = {}
        self._wrapped: dict[tuple[str, int, float], Block] = {}

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each sign that cannot be printed, with the place it stands in."""
        return tuple(self._problems.values())

    def clean(self, text: str) -> str:
        """The text as it is drawn; what cannot be printed is noted with the place it stands in."""
        found = self._seen.get(text)
        if found is None:
            plain = text.isascii() and text.isprintable()
            found = text if plain else printable(text)
            found = held_together(found)
            self._seen[text] = found
            for reason in () if plain else unprintable(found, self._glyphs):
                told = f'{shown(self.where)}: "{shown(found)}" cannot be printed: {reason}'
                self._problems.setdefault((self.where, reason), told)
        return found

    def wrap(self, text: str, style: Style, width: float) -> list[Wrapped]:
        """The text in lines no wider than `width`; at least one line."""
        return [(piece, scale) for _, piece, scale in self.paragraph(text, style, width).lines]

    def is_one_line(self, text: str, style: Style, width: float) -> bool:
        """Whether the text stands on one line of that width: a single word may be set narrower."""
        wide, block = self._whole.get((text, id(style))) or self._on_one_line(text, style)
        return wide <= width or (" " not in block.lines[0][1] and wide <= width / TIGHTEST)

    def paragraph(self, text: str, style: Style, width: float) -> Block:
        """The text as a block of its own: the same one wherever it fits on one line, else one for each width."""
        wide, whole = self._whole.get((text, id(style))) or self._on_one_line(text, style)
        if wide <= width:
            return whole
        key = (text, id(style), width)
        found = self._wrapped.get(key)
        if found is None:
            lines = [(style, piece, scale) for piece, scale in self._wrap(self.clean(text), style, width)]
            found = self._wrapped[key] = Block(lines, style.leading * len(lines), style.leading * BASELINE)
        return found

    def _on_one_line(self, text: str, style: Style) -> tuple[float, Block]:
        """The text on one line, with its width."""
        plain = self.clean(text)
        block = Block([(style, plain, 1.0)], style.leading, style.leading * BASELINE)
        found = self._whole[text, id(style)] = style.face.width(plain, style.size), block
        return found

    def _wrap(self, plain: str, style: Style, width: float) -> list[Wrapped]:
        """Lines of a text that is wider than that."""
        natural = style.face.natural
        space = natural(" ")
        lines: list[Wrapped] = []
        current, wide = "", 0.0
        for word in plain.split(" "):
            longer = wide + space + natural(word) if current else natural(word)
            if longer * style.size / 1000 <= width:
                current, wide = f"{current} {word}" if current else word, longer
                continue
            if current:
                lines.append(self._tight(current, style, width))
            *full, current = self._fit(word, style, width)
            lines += [self._tight(piece, style, width) for piece in full]
            wide = natural(current)
        return [*lines, self._tight(current, style, width)]

    def _tight(self, text: str, style: Style, width: float) -> Wrapped:
        natural = style.face.width(text, style.size)
        return text, 1.0 if natural <= width else width / natural

    def _fit(self, word: str, style: Style, width: float) -> list[str]:
        """The word whole where it fits when set narrower, else in pieces: after hyphens and slashes, then anywhere."""
        widest = width / TIGHTEST
        if style.face.width(word, style.size) <= widest:
            return [word]
        pieces: list[str] = []
        current = ""
        for part in _breakable(word):
            if style.face.width(current + part, style.size) <= widest:
                current += part
                continue
            pieces += [current] if current else []
            current = part
            while style.face.width(current, style.size) > widest and len(current) > 1:
                cut = max(1, _cut(current, style, width))
                self.parted.add(word)
                pieces.append(current[:cut])
                current = current[cut:]
        return [*pieces, current]


def shown(text: str) -> str:
    """The text for an error message: what cannot be shown is written as its code."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text[:60])


def _breakable(word: str) -> list[str]:
    """The pieces of a word that no line holds; a number keeps what follows: "2.5" at a line's end lost its mg.

    Nor is it parted at its decimal comma: "2," at the end of a line made tablets of 5 mg of those of 2,5 mg. A date is
    parted from its weekday and its hour, not inside.
    """
    parts, current = [], ""
    for character, following in zip(word, f"{word[1:]} ", strict=True):
        number, is_date = current[-1:].isnumeric(), DATE.fullmatch(current)
        current += character
        if (character == "," and number and following.isnumeric()) or DATE_BEGINS.fullmatch(current):
            continue
        if character in "-/·,;" or (character == GLUE and (is_date or not number)):
            parts.append(current)
            current = ""
    return [*parts, current] if current else parts


def _cut(text: str, style: Style, width: float) -> int:
    """How many characters from the left fit."""
    total = 0.0
    for number, character in enumerate(text):
        total += style.face.width(character, style.size)
        if total > width:
            return number
    return len(text)
