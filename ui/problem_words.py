"""What went wrong, in the chosen language. The text of an error is English, because logs and command line want it so.

A refusal brings the sentence it was made from. What went wrong with the store or a file is the path of the file, where
need be a place in it, and one of the sentences of planner/model/store_words.py or ui/file_problems.py; it is read again
here by those sentences.
"""

import re
from collections.abc import Iterator
from functools import cache

from planner.errors import Refusal
from ui.tongue import ENGLISH, language, say, sentence_words


def error_words(error: Exception) -> str:
    """The text of an error in the chosen language."""
    return sentence_words(error.said) if isinstance(error, Refusal) else problem_words(str(error))


def problem_words(text: str) -> str:
    """The text of an error in the chosen language, line by line; what nobody knows stays as it is."""
    if language() == ENGLISH:
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    words = _sentence(line)
    if words is not None:
        return words
    if say(line) != line:
        return say(line)
    for found in re.finditer(": ", line):
        words = _sentence(line[found.end() :])
        if words is not None:
            return line[: found.end()] + words
    return line


def _sentence(text: str) -> str | None:
    bare = text.removesuffix(".")
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(bare) or pattern.fullmatch(text)
        if found:
            return say(sentence, **{name: _value(value) for name, value in found.groupdict().items()})
    return None


def _value(value: str) -> str:
    """A value within a sentence; a cause is a sentence itself."""
    from planner.model.store_words import CAUSES

    return say(value) if value in CAUSES.values() else _sentence(value) or value


def sentences() -> tuple[str, ...]:
    """Every sentence about the store and about files that are taken in, as it is written."""
    from planner.model import store_words
    from ui.file_problems import FILE_PROBLEMS

    about_the_store = (value for name, value in vars(store_words).items() if name.isupper() and isinstance(value, str))
    return (*about_the_store, *FILE_PROBLEMS)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile("".join(_parts(one)), re.DOTALL)) for one in sorted(sentences(), key=_is_open))


def _is_open(sentence: str) -> int:
    """Sentences with the most words of their own are tried first."""
    return -len(re.sub(r"\{\w+\}", "", sentence))


def _parts(sentence: str) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", sentence):
        yield rf"(?P<{part[1:-1]}>.+)" if part.startswith("{") else re.escape(part)
