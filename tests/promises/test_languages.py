"""Promise C17 in the languages beside English: short sentences, easy by each language's own form of Flesch's measure.

The forms: Fernández Huerta (1959) for Spanish, Amstad (1978) for German, Kandel and Moles (1958) for French, Oborneva
(2006) for Russian. From 70 on a text is easy, about US grade 7; no grade of a single short text is claimed.
"""

import re

import pytest

from planner.services.printing import words_of
from tests.exports.wording.test_plain_words import NOT_SENTENCES

LONGEST = 20
EASY = 70
VOWELS = {"es": "aeiouáéíóúü", "de": "aeiouyäöü", "fr": "aeiouyàâéèêëîïôùûüœ", "ru": "аеёиоуыэюя"}
FORMS = {"es": (206.84, 1.02, 60.0), "de": (180.0, 1.0, 58.5), "fr": (207.0, 1.015, 73.6), "ru": (206.835, 1.3, 60.1)}


def ease(text: str, language: str) -> float:
    """How easy it reads; vowels in a row are one syllable but in Russian, where each is one."""
    whole, of_words, of_syllables = FORMS[language]
    sentences = [one for one in re.split(r"[.!?:]+", text) if one.strip()]
    words = re.findall(r"[^\W\d_]+", text.lower())
    pattern = f"[{VOWELS[language]}]" + ("" if language == "ru" else "+")
    syllables = sum(max(1, len(re.findall(pattern, word))) for word in words)
    return whole - of_words * len(words) / len(sentences) - of_syllables * syllables / len(words)


def fixed_texts(language: str) -> list[str]:
    texts = words_of(language).texts
    return [re.sub(r"\{\w+\}", "10", text) for key, text in texts.items() if key not in NOT_SENTENCES]


@pytest.mark.parametrize("language", FORMS)
def test_fixed_texts_of_every_language_are_short_and_easy(language: str) -> None:
    texts = fixed_texts(language)
    assert [one for text in texts for one in re.split(r"[.!?]", text) if len(one.split()) > LONGEST] == []
    assert ease(". ".join(text for text in texts if len(text.split()) > 3), language) >= EASY


def test_the_measure_knows_easy_from_hard() -> None:
    hard = "Die Wiederherstellung der Blutbildung bedingt Therapieverzögerungen unbestimmter Zeitdauer."
    assert ease("Das ist ein Haus. Es ist rot.", "de") > 100 > EASY > ease(hard, "de")
