"""The gate every content file passes before anything is made of it: size, encoding, characters, syntax, nesting.

A file is text somebody else may have written. What stands here refuses it with one sentence, file and line, in a time
that grows with its size only.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from planner.content import toml_lines
from planner.model.library import ContentProblem
from planner.model.sentence import Sentence

MAX_CHARACTERS = 200_000
"""Several times the longest shipped protocol."""
MAX_LINE = 2_000
"""tomllib needs time with the square of the dots in one key; lines of this length cannot make it slow."""
MAX_DEPTH = 10
"""Tables and lists inside each other, counted as steps of a path; the formats themselves need eight."""
MAX_PROBLEMS = 100
ENOUGH = 300
"""Problems looked for in one pass; each may cost a search for the word that was meant."""
MAX_NUMBER = Decimal("1e15")

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_AT_LINE = re.compile(r"line (\d+), ")
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\xef\xbb\xbf": "UTF-8 with a byte order mark"}

Walk = Iterable[tuple[toml_lines.Path, object]]
"""Every key and list entry of a file with its path."""
Located = tuple[toml_lines.Path, str]
"""A problem with the path of keys and positions it is about."""


def load_text(path: Path) -> tuple[str, tuple[ContentProblem, ...]]:
    """The text of a file, or why it cannot be taken; never reads more than a content file may hold."""
    try:
        if not path.is_file():
            return "", (ContentProblem(path.name, "", "is not a file"),)
        with path.open("rb") as stream:
            data = stream.read(MAX_CHARACTERS * 4 + 1)
    except OSError as error:
        return "", (ContentProblem(path.name, "", f"cannot be read: {error.strerror}"),)
    return decode_text(data, path.name)


def decode_text(data: bytes, file: str) -> tuple[str, tuple[ContentProblem, ...]]:
    """The bytes as UTF-8 text; other encodings are named, not guessed."""
    if len(data) > MAX_CHARACTERS * 4:
        return "", (_too_long(file),)
    for mark, encoding in _ENCODINGS.items():
        if data.startswith(mark):
            return "", (ContentProblem(file, "", f"is {encoding}; save it as plain UTF-8"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", (ContentProblem(file, "", "is not UTF-8 text; save it as plain UTF-8", line),)


def guard_text(text: str, file: str) -> tuple[ContentProblem, ...]:
    """Refuse what no content file may hold: too much text, hidden or direction-changing characters, loose accents."""
    if len(text) > MAX_CHARACTERS:
        return (_too_long(file),)
    problems: list[ContentProblem] = []
    if text.startswith("\ufeff"):
        problems.append(ContentProblem(file, "", "starts with a byte order mark; save it as plain UTF-8", 1))
    if max(map(len, text.split("\n"))) > MAX_LINE:
        number = next(number for number, line in enumerate(text.split("\n"), 1) if len(line) > MAX_LINE)
        problems.append(ContentProblem(file, "", f"a line may hold {MAX_LINE} characters; break it", number))
    for found in _HIDDEN.finditer(text, 1 if problems and text[0] == "\ufeff" else 0):
        line = text.count("\n", 0, found.start()) + 1
        problems.append(ContentProblem(file, "", hidden_character(found[0]), line))
        if len(problems) > MAX_PROBLEMS:
            break
    if not unicodedata.is_normalized("NFC", text):
        problems.append(
            ContentProblem(file, "", "letters and accents stand apart; save it with composed letters (NFC)")
        )
    return tuple(problems)


def hidden_character(text: str) -> str:
    """One sentence about the first character nobody can see; an empty text where there is none."""
    found = _HIDDEN.search(text)
    if not found:
        return ""
    name = unicodedata.name(found[0], "control character").lower()
    return f"holds the hidden character U+{ord(found[0]):04X} ({name}); take it out"


def parse_toml(text: str, file: str) -> tuple[dict[str, Any], tuple[ContentProblem, ...]]:
    """The tables of a TOML text, or everything that stands in the way of reading it."""
    problems = guard_text(text, file)
    if problems:
        return {}, problems
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        return {}, (ContentProblem(file, "", "lists are nested too deeply"),)
    except ValueError as error:
        return {}, (_syntax_problem(str(error), text, file),)
    located = list(_hostile_values(data, has_escapes="\\" in text))
    return ({}, locate(located, text, file)) if located else (data, ())


_MEANT = {
    "Expected newline or end of document after a statement": "something stands behind the value; "
    'a text stands in quotes ("2 mg"), a date is written 2026-11-22',
    "Illegal character '\\n'": "a text in quotes does not end on its line",
    "Invalid value": 'no value that can be read; a text stands in quotes ("2 mg")',
    "Cannot overwrite a value": "this key stands here a second time",
}
"""What is wrong by the words of tomllib, as an author reads it."""
_TWICE = re.compile(r"Cannot declare \((.+)\) twice")


def _syntax_problem(message: str, text: str, file: str) -> ContentProblem:
    """What the author of the line may have meant, or tomllib's own sentence, with the line out of it."""
    sentence, _, place = message.rpartition(" (at ")
    at = _AT_LINE.match(place)
    line = int(at[1]) if at else text.rstrip().count("\n") + 1
    told = one_line(sentence or message)
    if twice := _TWICE.fullmatch(told):
        name = ".".join(part.strip(" '") for part in twice[1].split(",") if part.strip())
        told = f"[{name}] stands here a second time; one of several is written [[{name}]]"
    return ContentProblem(file, "", _MEANT.get(told, told), line)


def _hostile_values(data: dict[str, Any], has_escapes: bool) -> Iterator[Located]:
    """Values tomllib lets through: numbers out of all range, deep nesting, and hidden characters behind escapes."""
    for path, value in walk(data):
        if len(path) > MAX_DEPTH:
            yield path[:MAX_DEPTH], "is nested too deeply"
            return
        message = ""
        if isinstance(value, Decimal | int):
            message = number_problem(Decimal(value))
        elif has_escapes and isinstance(value, str):
            message = hidden_character(value)
        if has_escapes:
            message = message or hidden_character(str(path[-1]))
        if message:
            yield path, message


def number_problem(value: Decimal) -> str:
    """One sentence about a number no file may hold; an empty text for every other."""
    if not value.is_finite():
        return Sentence("is not a number (NaN and infinities are refused)")
    if abs(value) > MAX_NUMBER or (value and abs(value) < 1 / MAX_NUMBER):
        return Sentence("is a number out of all range")
    return ""


def walk(data: object) -> Iterator[tuple[toml_lines.Path, object]]:
    """Every key and list entry below `data` with its path, without recursion; stops below MAX_DEPTH."""
    waiting: list[tuple[toml_lines.Path, object]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if path:
            yield path, value
        if len(path) > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, position), inner) for position, inner in enumerate(value)]


def locate(located: Sequence[Located], text: str, file: str) -> tuple[ContentProblem, ...]:
    """Give every problem its line and put them in the order of the file; a repeated problem is told once."""
    lines = toml_lines.find_lines(text)
    problems = [
        ContentProblem(file, place_text(path), one_line(message), toml_lines.line_of(lines, path))
        for path, message in dict.fromkeys(located)
    ]
    return shorten(sorted(problems, key=lambda problem: problem.line), file)


def place_all(located: Sequence[Located], file: str) -> tuple[ContentProblem, ...]:
    """Problems of a file whose lines mean nothing to its reader; a repeated problem is told once."""
    problems = [ContentProblem(file, place_text(path), one_line(message)) for path, message in dict.fromkeys(located)]
    return shorten(problems, file)


def shorten(problems: Sequence[ContentProblem], file: str) -> tuple[ContentProblem, ...]:
    """At most MAX_PROBLEMS problems, and a last line where there are more."""
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    return (*problems[:MAX_PROBLEMS], ContentProblem(file, "", "and more problems after these"))


def place_text(path: toml_lines.Path) -> str:
    """phases[1].orders[3].days, positions from 0."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return one_line("".join(parts).lstrip("."))


def one_line(message: str) -> str:
    """The message on one line, cut where somebody else's text made it long, hidden characters written as U+."""
    text = _HIDDEN.sub(lambda found: f"U+{ord(found[0]):04X}", " ".join(message.split()))
    return text if len(text) <= 400 else f"{text[:397]}..."


def _too_long(file: str) -> ContentProblem:
    return ContentProblem(file, "", f"is too long; a content file holds at most {MAX_CHARACTERS:,} characters")
