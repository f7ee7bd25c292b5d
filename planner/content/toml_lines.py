"""Where a key of a TOML text stands: the path of keys and list positions to its line.

tomllib gives lines for broken syntax only; this finds them for meaning. It reads texts that tomllib has accepted, in
linear time, and knows tables, lists of tables, dotted keys, inline tables, lists over several lines and long strings.
"""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"{3,5}'
    r"|'''[\s\S]*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[ \t\r]+"
    r"|\n"
    r"|[\[\]{},=.]"
    r"""|[^\s\[\]{},=."'#]+"""
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CLOSING = {"[": "]", "{": "}"}


def find_lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every table, key and list entry; look paths up with `line_of`."""
    return _Scanner(text).lines()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of that path, else of the nearest thing around it that has one; 1 for the file as a whole."""
    if path not in lines and (*path, 0) in lines:  # a list of tables has the line of its first
        return lines[*path, 0]
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scanner:
    """Walks the tokens once. `_line` is the line of the piece at hand."""

    def __init__(self, text: str) -> None:
        self._pieces = self._numbered(text)
        self._piece, self._line = next(self._pieces)
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def lines(self) -> Mapping[Path, int]:
        """Read the whole text: headers and key lines."""
        table: Path = ()
        while self._piece:
            if self._piece == "\n":
                self._advance()
            elif self._piece == "[":
                table = self._header()
            else:
                self._key_and_value(table)
        return self._found

    @staticmethod
    def _numbered(text: str) -> Iterator[tuple[str, int]]:
        line = 1
        for found in _TOKEN.finditer(text.replace("\r\n", "\n")):
            piece = found[0]
            if piece[0] not in " \t\r#":
                yield piece, line
            line += piece.count("\n")
        while True:
            yield "", line

    def _advance(self) -> str:
        piece = self._piece
        self._piece, self._line = next(self._pieces)
        return piece

    def _skip_line_ends(self) -> None:
        while self._piece == "\n":
            self._advance()

    def _header(self) -> Path:
        line = self._line
        self._advance()
        is_list = self._piece == "["
        if is_list:
            self._advance()
        path = self._resolve((), self._key("]"), into_last=not is_list)
        while self._piece == "]":
            self._advance()
        if is_list:
            self._counts[path] = self._counts.get(path, 0) + 1
            path = (*path, self._counts[path] - 1)
        self._found.setdefault(path, line)
        return path

    def _key(self, end: str) -> list[str]:
        """The parts of a dotted key up to the piece `end`."""
        parts: list[str] = []
        while self._piece not in (end, "\n", ""):
            piece = self._advance()
            if piece != ".":
                parts.append(_plain_key(piece))
        return parts

    def _resolve(self, base: Path, parts: list[str], into_last: bool) -> Path:
        """Put the position of the last entry behind every list of tables on the way."""
        path = base
        for place, part in enumerate(parts):
            path = (*path, part)
            if path in self._counts and (into_last or place < len(parts) - 1):
                path = (*path, self._counts[path] - 1)
        return path

    def _key_and_value(self, table: Path) -> None:
        line = self._line
        parts = self._key("=")
        path = self._resolve(table, parts, into_last=False)
        for length in range(len(table) + 1, len(path) + 1):
            self._found.setdefault(path[:length], line)
        self._advance()
        self._value(path)

    def _value(self, path: Path) -> None:
        self._found.setdefault(path, self._line)
        opening = self._piece
        if opening not in _CLOSING:
            while self._piece not in (",", "]", "}", "\n", ""):
                self._advance()
            return
        self._advance()
        self._skip_line_ends()
        position = 0
        while self._piece not in (_CLOSING[opening], ""):
            if opening == "[":
                self._value((*path, position))
            else:
                self._key_and_value(path)
            position += 1
            self._skip_line_ends()
            if self._piece == ",":
                self._advance()
            self._skip_line_ends()
        self._advance()


def _plain_key(piece: str) -> str:
    """A key as its table holds it: quotes off, escapes resolved."""
    if piece[0] == "'":
        return piece[1:-1]
    if piece[0] != '"':
        return piece
    plain = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
    return _ESCAPE.sub(lambda found: plain[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), piece[1:-1])
