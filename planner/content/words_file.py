"""Files of translations to Words. Every language says exactly what English says, with the same marks in braces."""

import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert

from planner.errors import EnvironmentProblem
from planner.model.language import Words

ENGLISH = "en"
_MARK = re.compile(r"\{(\w+)\}")


def languages(folder: Path) -> tuple[str, ...]:
    """The ids of the languages there are files for, English first."""
    found = sorted(file.stem for file in folder.glob("*.toml"))
    return tuple(sorted(found, key=lambda one: one != ENGLISH))


def read_words(folder: Path, language: str) -> Words:
    """The words of that language. EnvironmentProblem where its file is missing, broken or differs from English."""
    data = _load(folder / f"{language}.toml")
    problems = _problems(data, _load(folder / f"{ENGLISH}.toml"))
    if problems:
        raise EnvironmentProblem(f"{folder / language}.toml: {'; '.join(problems)}")
    try:
        return convert(data, Words)
    except ValidationError as error:
        raise EnvironmentProblem(f"{folder / language}.toml: {error}") from error


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"{file}: cannot be read ({error}); install the program again") from error


def _problems(data: dict[str, Any], english: dict[str, Any]) -> list[str]:
    """What differs from English: keys, marks, lengths of lists."""
    found = [f"{name} is missing" for name in english if name not in data]
    if found:
        return found
    found += [f"{name} is not known" for name in data if name not in english]
    found += [
        f"{name} needs {len(english[name])} entries"
        for name in ("months", "month_titles", "weekdays", "on_weekdays")
        if len(data[name]) != len(english[name])
    ]
    texts, wanted = data["texts"], english["texts"]
    found += [f"texts.{key} is missing" for key in wanted if key not in texts]
    found += [f"texts.{key} is not known" for key in texts if key not in wanted]
    for key in wanted.keys() & texts.keys():
        if sorted(_MARK.findall(texts[key])) != sorted(_MARK.findall(wanted[key])):
            found.append(f"texts.{key} has not the marks {', '.join(_MARK.findall(wanted[key])) or 'none'}")
    return found
