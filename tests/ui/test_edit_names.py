"""The names of edits are kept in English and read again in the language of the window."""

import re

import pytest

from planner.model.sentence import Sentence, all_of, and_more, with_count
from planner.settings import LANGUAGES
from tests.architecture.imports import ROOT
from tests.architecture.test_refusals import sentences_of
from ui.dialogs.verbs import VERBS
from ui.edit_names import EDIT_NAMES, VERB_NAMES, edit_words
from ui.fix_names import PARTS, TITLES, WHENS
from ui.tongue import sentence_words, texts_of, use_language

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_name_has_words_with_the_same_parts(language):
    texts = texts_of(language)
    for sentence in (*EDIT_NAMES, *VERB_NAMES):
        assert sentence in texts
        assert sorted(re.findall(r"{\w+}", texts[sentence])) == sorted(re.findall(r"{\w+}", sentence))


def test_every_verb_has_a_name():
    assert [verb.title for verb in VERBS.values() if f"{verb.title} {{what}}" not in VERB_NAMES] == []


@pytest.mark.parametrize(
    ("name", "spanish"),
    [
        ("Move Blinatumomab 1 +7 days", "Mover Blinatumomab 1 +7 días"),
        ("Move 3 -1 day", "Mover 3 -1 día"),
        ("Defer Intensification C1 D8 +3 days", "Aplazar Intensification C1 D8 +3 días"),
        ("Hold Blinatumomab, C2 D10", "Pausar Blinatumomab, C2 D10"),
        ("Add a drug to Maintenance, C1 D1", "Añadir un fármaco a Maintenance, C1 D1"),
        ("Add e1910", "Añadir e1910"),
        ("Remove 2 blocks", "Quitar 2 bloques"),
        ("Remove Maintenance", "Quitar Maintenance"),
        ("Undo Leave out Vincristine C1 D8", "Deshacer: Omitir Vincristine C1 D8"),
        ("Redo Move Blinatumomab 1 +7 days", "Rehacer: Mover Blinatumomab 1 +7 días"),
        ("Sign as prepared", "Firmar como preparado"),
        ("Issue Day sheet", "Entregar Hoja del día"),
        ("Edit patient", "Datos del paciente"),
        ("Move Blinatumomab 1 +7 days (capacity)", "Mover Blinatumomab 1 +7 días (capacidad)"),
        ("Undo Edit patient (patient choice)", "Deshacer: Datos del paciente (decisión del paciente)"),
        ("Remove Block (second)", "Quitar Block (second)"),
        ("something else", "something else"),
    ],
)
def test_a_kept_name_is_read_again(name, spanish):
    assert edit_words(name) == name
    use_language("es")
    assert edit_words(name) == spanish


def test_every_sentence_of_a_fix_can_be_read_again():
    """A history keeps the title in English; a sentence that is not listed would stay so."""
    files = sorted((ROOT / "planner" / "checking" / "fixes").glob("*.py"))
    wanted = {text for file in files for text in sentences_of(file)[0]}
    assert len(wanted) > 30
    assert sorted(wanted - {*TITLES, *PARTS, *WHENS}) == []


@pytest.mark.parametrize(
    "title",
    [
        Sentence("Move {block} by {days} days, to start on {day}", block="B to C", days="−3", day="Mon 02-Mar-2026"),
        Sentence(
            "Leave out {what} ({doses})",
            what=Sentence("{doses}, beyond the limit", doses=and_more(["A IT C1 D2", "A C2 D1", "A C3 D1"])),
            doses=with_count(3, "{count} dose", "{count} doses"),
        ),
        Sentence(
            "Add {what}: {doses}",
            what=all_of(
                [
                    Sentence(
                        "{dose} {when}", dose="Mesna 240 mg/m2 IV", when=Sentence("in the {first} before", first="4 h")
                    ),
                    Sentence("{dose} {when}", dose="Folinic acid 15 mg PO", when=Sentence("on the same day")),
                ]
            ),
            doses="A C1 D2",
        ),
        Sentence("Let {what}, as co-medication", what=Sentence("{drug} go on to {day}", drug="X", day="02-Mar-2026")),
        Sentence(
            "Reduce to {amounts}: {doses}",
            amounts=Sentence("{amount} and {more} other amounts", amount="2 mg", more=2),
            doses=Sentence(
                "{one} and {more}", one="V C1 D1", more=with_count(2, "{count} more day", "{count} more days")
            ),
        ),
        Sentence(
            "Move {blocks} to later days, {total} days in all, so that every hard interval is kept",
            blocks=with_count(2, "{count} block", "{count} blocks"),
            total=9,
        ),
    ],
)
def test_the_title_of_a_fix_is_read_again_as_it_was_said(title):
    use_language("es")
    assert sentence_words(title) != title
    assert edit_words(f"MP-02: {title}") == f"MP-02: {sentence_words(title)}"
    assert edit_words(f"Repair: {title}") == f"Reparar: {sentence_words(title)}"
