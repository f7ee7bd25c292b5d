"""Translations: every language says what English says, and the code says nothing that English does not have."""

import ast
from pathlib import Path

import pytest

from planner.content.words_file import languages, read_words
from planner.errors import EnvironmentProblem
from planner.paths import resources
from tests.architecture.imports import ROOT

FOLDER = resources() / "translations" / "patient"
ENGLISH = read_words(FOLDER, "en")


@pytest.mark.parametrize("language", languages(FOLDER))
def test_every_language_can_be_read(language: str) -> None:
    words = read_words(FOLDER, language)
    assert words.id == language
    assert words.texts.keys() == ENGLISH.texts.keys()
    assert len(set(words.months)) == 12
    assert len(set(words.weekdays)) == len(set(words.on_weekdays)) == 7
    assert words.decimal != words.grouping
    assert words.reviewed is (language == "en")


@pytest.mark.parametrize("language", [one for one in languages(FOLDER) if one != "en"])
def test_no_text_was_left_in_english(language: str) -> None:
    """Some short words are the same in two languages; whole sentences are not."""
    words = read_words(FOLDER, language)
    same = [key for key, text in words.texts.items() if text == ENGLISH.texts[key] and len(text.split()) > 3]
    assert same == []


def said() -> set[str]:
    """The keys that the sheets say, found in their code: what stands in `say("…")` and in the tables of keys."""
    keys: set[str] = set()
    for file in [*(ROOT / "planner/exports").rglob("*.py"), ROOT / "planner/model/language.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
    return keys


def test_no_text_is_left_that_nobody_says() -> None:
    built = ("column_", "unit_", "mark_", "status_")  # put together from parts in the code
    unused = {key for key in ENGLISH.texts if not key.startswith(built)} - said() - {"sure_provisional", "sure_planned"}
    assert unused == set()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[texts]", "[texts]\nnew_text = 'x'"), "texts.new_text is not known"),
        (('no_treatment = "No treatment"\n', ""), "texts.no_treatment is missing"),
        (('page = "Page {page} of {pages}"', 'page = "Page {page}"'), "texts.page has not the marks"),
        (('"December"]', '"December", "Smarch"]'), "months needs 12 entries"),
        (("reviewed = true", 'reviewed = "yes"'), "Expected `bool`"),
        (("reviewed = true\n", ""), "reviewed is missing"),
        (('id = "en"', 'id = "en'), "cannot be read"),
        (('tag = "en-US"', 'tag = "en-US"\nflag = "x"'), "flag is not known"),
    ],
)
def test_a_broken_file_is_refused_whole(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    english = (FOLDER / "en.toml").read_text("utf-8")
    assert change[0] in english
    (tmp_path / "en.toml").write_text(english, "utf-8")
    (tmp_path / "xx.toml").write_text(english.replace(*change, 1), "utf-8")
    with pytest.raises(EnvironmentProblem, match=words):
        read_words(tmp_path, "xx")
