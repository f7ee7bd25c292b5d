"""Fixed texts for patients: reading grade 6 at most, short sentences, no dates in numbers (promises C6, C17)."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.wording.plain_words import once_a_week, times_a_day
from planner.model.cycle_content import State
from planner.services.printing import words_of
from tests.exports.papers import BUILDERS, course, lines_of, make, shipped

ENGLISH = words_of("en")
NOT_SENTENCES = [
    "protocol",
    "version",
    "plan_version",
    "issue",
    "issue_replaces",
    "issue_gone",
    "prepared_by",
    "verified_by",
    "not_recorded",
    "intrathecal_explained",
    "disclaimer",
    "unit_mcg",
    "each_time",
    "working_copy",
]
SENTENCES = [
    re.sub(r"\{\w+\}", "ten", text).replace("INTRATHECAL: medicine", "drug")
    for key, text in ENGLISH.texts.items()
    if key not in NOT_SENTENCES
]
"""Everything fixed that a patient reads, but for what the law and the clinic need on each page."""


def syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end does not count."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """Flesch and Kincaid's US school grade (1975)."""
    sentences = [one for one in re.split(r"[.!?:]+", text) if one.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(syllables(word) for word in words) / len(words) - 15.59


def test_the_measure_knows_easy_from_hard() -> None:
    assert grade("The cat sat on the mat.") < 1
    assert grade("Myelosuppression necessitates interdisciplinary reconsideration of administration intervals.") > 12


@pytest.mark.parametrize("text", [one for one in SENTENCES if len(one.split()) >= 4])
def test_sentences_are_easy_and_short(text: str) -> None:
    assert grade(text) <= 6
    for sentence in re.split(r"[.!?]", text):
        assert len(sentence.split()) <= 20


def test_all_fixed_texts_together_are_easy() -> None:
    assert grade(". ".join(SENTENCES)) <= 5


def test_weekly_words() -> None:
    assert once_a_week([0], ENGLISH) == "once a week, on Mondays, not\u00a0every\u00a0day"
    assert once_a_week([0, 3], ENGLISH) == "once a week, on Mondays and Thursdays, not\u00a0every\u00a0day"
    divided = next(one for one in shipped("graaph-2005").schedule.events if one.placed.agent == "imatinib")
    told = [times_a_day(divided, count, ENGLISH) for count in (1, 2, 3)]
    assert told == ["once a day", "2 times a day", "3 times a day"]


def test_a_dose_of_a_day_that_no_source_divides_is_that_of_the_whole_day() -> None:
    """ "40 mg/day" was told a family as "once a day": the file cannot tell that from a day's total."""
    of_day = next(one for one in shipped("phallcon").schedule.events if one.placed.agent == "dexamethasone")
    assert times_a_day(of_day, 1, ENGLISH) == "for the whole day"
    assert times_a_day(of_day, 2, ENGLISH) == "2 times a day"
    recorded = of_day._replace(state=State.GIVEN, dose=replace(of_day.dose, origin="given"))
    assert times_a_day(recorded, 1, ENGLISH) == "for the whole day", "that it was given says nothing of how often"
    said = next(one for one in shipped("d-alba").schedule.events if one.placed.agent == "dasatinib")
    assert times_a_day(said, 1, ENGLISH) == "once a day"


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_date_is_written_in_numbers_only(kind: str) -> None:
    numbers = re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
    for evaluated in (course(), shipped("d-alba"), shipped("calgb-10403")):
        taken = [one.at for one in evaluated.plan.acknowledgements]
        for line in lines_of(make(evaluated, kind)):
            if not any(at in line.text for at in taken):
                assert not numbers.search(line.text), line


@pytest.mark.parametrize("kind", BUILDERS)
def test_doses_are_written_by_the_rules(kind: str) -> None:
    """ISMP and CUI (promises C4): no naked point, no trailing zero, no U, IU, µg, cc, QD; a space before the unit."""
    wrong = re.compile(
        r"(?<!\d)\.\d|\d\.\d*0\s*(mg|mcg|g|units|mL)\b|\bIU\b|\d\s*U\b|µg|μg|\bcc\b|\bQ\.?D\b|\bQOD\b|"
        r"\d(mg|mcg|units|mL)\b|(?<![.\d])\d{4,}\s+(mg|units)"
    )
    for evaluated in (course(), shipped("d-alba"), shipped("calgb-10403"), shipped("blinatumomab-mrd")):
        for line in lines_of(make(evaluated, kind)):
            assert not wrong.search(line.text.replace("\u00a0", " ")), line


def test_the_intro_names_the_parts_with_spoken_dates() -> None:
    evaluated = course()
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(make(evaluated, "calendar"))]
    for block in evaluated.schedule.blocks:
        first = date.fromordinal(block.start)
        assert f"{first.day} {first:%B %Y}" in texts
    assert "Your plan" in [section.title for section in make(evaluated, "calendar").sections]
