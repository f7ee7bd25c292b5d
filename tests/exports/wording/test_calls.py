"""When to call, in the language of who reads it."""

import pytest
from msgspec.structs import replace

from planner.exports.wording.calls import calls_in, is_written_in
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, calls_left
from tests.exports.papers import SITE, job, lines_of, shipped

SPANISH = "Llame si tiene fiebre de 38 °C.\nO si sangra."
TEXT = f"Call us if you have a fever of 38 °C.\nOr if you bleed.\nes: {SPANISH}\nde: Rufen Sie uns an."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", SPANISH),
        ("de", "Rufen Sie uns an."),
        ("fr", "Call us if you have a fever of 38 °C.\nOr if you bleed."),
        ("en", "Call us if you have a fever of 38 °C.\nOr if you bleed."),
    ],
)
def test_each_language_has_its_own_words(language: str, told: str) -> None:
    assert calls_in(TEXT, language) == told
    assert is_written_in(TEXT, language) == (language in ("es", "de"))


@pytest.mark.parametrize("text", ["", "Fever: 38 °C", "Temp of 38 or more: call", "call 555: day and night"])
def test_a_text_without_marks_is_told_as_it_is(text: str) -> None:
    assert calls_in(text, "es") == text
    assert not is_written_in(text, "es")


def test_a_language_that_nobody_wrote_for_has_a_blank_where_all_is_marked() -> None:
    assert calls_in("en: Call us.", "fr") == ""


def test_a_spanish_family_reads_spanish_and_the_other_hospital_english() -> None:
    site = replace(SITE, when_to_call=TEXT)
    for kind, wish, told in (
        ("calendar", Wish(language="es"), SPANISH),
        ("calendar", Wish(language="fr"), calls_in(TEXT, "fr")),
        ("handover", Wish(), calls_in(TEXT, "en")),
    ):
        texts = [line.text for line in lines_of(BUILDERS[kind](shipped("obe-cel"), job(site, wish)))]
        assert told in texts
        assert not any("es: " in text or "de: Rufen" in text for text in texts)


def test_the_print_dialog_is_told_of_a_language_that_lacks() -> None:
    site = replace(SITE, when_to_call=TEXT)
    assert not calls_left(site, Wish(language="es", alongside="de"), "en")
    assert calls_left(site, Wish(language="es", alongside="fr"), "en")
    assert not calls_left(site, Wish(), "en")
    assert calls_left(SITE, Wish(language="es"), "en")
    assert not calls_left(replace(SITE, when_to_call=" "), Wish(language="es"), "en")
