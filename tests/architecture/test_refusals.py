"""Every sentence that refuses an edit, and every title of a fix, has words in the other languages of the window.

A refusal carries its sentence and the values in its places. So it is made from texts that stand in the source as they
are: one that is put together before cannot be said in another language.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.errors import Refusal
from planner.model import store_words
from planner.model.sentence import Sentence, all_of, listed, one_of
from planner.paths import resources
from planner.settings import LANGUAGES
from tests.architecture.imports import ROOT

MAKERS = ("Refusal", "NothingToDo", "refused_name", "Sentence")
FILES = [file for file in sorted((ROOT / "planner").rglob("*.py")) if "cli" not in file.relative_to(ROOT).parts]
OTHERS = [language for language in LANGUAGES if language != "en"]


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            yield node


def literal(node: ast.expr, tree: ast.AST) -> set[str]:
    """The texts that an expression may be; none where they are put together or come from elsewhere."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return literal(node.body, tree) | literal(node.orelse, tree)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "words":
        return {getattr(store_words, node.attr)}
    if isinstance(node, ast.Name):
        given = [one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and named(one.targets[0], node.id)]
        return {text for one in given if not isinstance(one, ast.Name) for text in literal(one, tree)}
    return set()


def named(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name


def sentences_of(file: Path) -> tuple[set[str], list[str]]:
    """The sentences of a file, and the lines that make one of something else."""
    tree = ast.parse(file.read_text("utf-8"))
    found: set[str] = set()
    odd: list[str] = []
    firsts = [call.args[0] for call in calls(tree, *MAKERS)]
    counts = [one for call in calls(tree, "with_count") for one in call.args[1:]]
    for node in (*firsts, *counts):
        texts = literal(node, tree)
        found |= texts
        if not texts and ast.unparse(node) not in TAKEN_OVER:
            odd.append(f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    return found, odd


TAKEN_OVER = {
    "error.args[0]": (),
    "problem": (),
    "told": (),
    "one if count == 1 else several": (),
    "what": ("defer", "omit", "hold", "skip", "stop", "reduce", "give the full dose", "enter a dose", "replace"),
    "state": ("omitted", "stopped"),
    "stands.stage": ("draft", "prepared"),
    "finding.status.replace('_', ' ')": ("acknowledged", "cannot check"),
    "protocol.status": ("superseded", "retired"),
    "WEEKDAYS[day]": ("Mon", "Sun"),
    "dose.dose.missing": ("no sourced dose: enter the site's own",),
    "pattern": (),
    "message": (),
}
"""What stands for a sentence or a word that comes from elsewhere, and words that it may be."""


def test_refusals_are_sentences_that_stand_in_the_source():
    assert [line for file in FILES for line in sentences_of(file)[1]] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_refusal_has_words_in_the_other_languages(language):
    texts = tomllib.loads((resources() / "translations" / f"{language}.toml").read_text("utf-8"))["texts"]
    wanted = {text for file in FILES for text in sentences_of(file)[0]}
    wanted |= {text for some in TAKEN_OVER.values() for text in some}
    assert len(wanted) > 150
    assert sorted(text for text in wanted if text not in texts and re.search(r"[A-Za-z]{2}", text)) == []


def test_titles_of_fixes_are_sentences():
    fixes = [call for file in FILES for call in calls(ast.parse(file.read_text("utf-8")), "Fix")]
    titles = {ast.unparse(one.args[1]) for one in fixes}
    assert {one for one in titles if one != "title" and not one.startswith("Sentence(")} == set()
    assert len(fixes) > 10


def test_what_was_given_is_not_changed_is_said_by_one_of_these_verbs():
    used = {
        call.args[3].value
        for file in FILES
        for call in calls(ast.parse(file.read_text("utf-8")), "refuse_given")
        if isinstance(call.args[3], ast.Constant)
    }
    assert used <= set(TAKEN_OVER["what"])
    assert len(used) > 5


def test_a_refusal_keeps_its_sentence_and_its_values():
    error = Refusal(
        "{block} has no cycle {number} here; it has {known}",
        "unknown cycle",
        "1",
        block="A",
        number=2,
        known=listed(()),
    )
    assert str(error) == "A has no cycle 2 here; it has none"
    assert (error.rule, error.nearest) == ("unknown cycle", "1")
    assert error.said.pattern == "{block} has no cycle {number} here; it has {known}"
    assert isinstance(error.said.values["known"], Sentence)
    assert Refusal("100 % {of it}").said == "100 % {of it}"


def test_parts_are_joined_as_people_do():
    assert (one_of(["a"]), one_of(["a", "b", "c"])) == ("a", "a or b or c")
    assert all_of(["a", "b"]) == "a and b"
    assert listed(["a", "b"]) == "a, b"
