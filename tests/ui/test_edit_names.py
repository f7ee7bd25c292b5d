"""The names of edits are kept in English and read again in the language of the window."""

import re

import pytest

from planner.settings import LANGUAGES
from ui.dialogs.verbs import VERBS
from ui.edit_names import EDIT_NAMES, VERB_NAMES, edit_words
from ui.tongue import texts_of, use_language

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
        ("Sign as prepared", "Firmar como preparado"),
        ("Issue Day sheet", "Entregar Hoja del día"),
        ("Edit patient", "Datos del paciente"),
        ("something else", "something else"),
    ],
)
def test_a_kept_name_is_read_again(name, spanish):
    assert edit_words(name) == name
    use_language("es")
    assert edit_words(name) == spanish
