"""Promises about words, over everything that is said of a plan: doses (C4), drug names (C5), dates (C6)."""

import re
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Addition
from tests.exports.papers import SITE
from tests.golden.cases import cases, library
from tests.promises.said import (
    DATE_OF_NUMBERS,
    LANGUAGES,
    Said,
    at_last,
    error_prone,
    evaluated_case,
    everything,
    in_files,
    in_full,
    on_paper,
    shipped_plan,
)

FEW = ("d-alba", "hyper-cvad", "obe-cel")
ALL = [*FEW, *(pytest.param(one, marks=pytest.mark.slow) for one in sorted(library().protocols) if one not in FEW)]
SHORT_NAMES = (
    r"MTX|6-?MP|6-?TG|[Aa][Rr][Aa]-?C|VCR|DNR|DOXO|CPM|CTX|L-?ASP|PEG-?ASP|PEG|DEX|DXM|PRED|VP-?16|TMP.?SMX|5-?FU"
    r"|BLINA?|INO"
)
SHORT_NAME = re.compile(rf"(?<![\w-])(?:{SHORT_NAMES})(?![\w-])")
"""How people shorten the drugs of this field; the first rows are on the ISMP list of error-prone names."""

PER_PLAN = 100
UNITS = ("mg", "mcg", "units", "mL")


def judged(pieces: list[Said]) -> list[tuple[str, str]]:
    """What is error-prone in any of them, each text once."""
    texts = {one.text: one for one in pieces}
    return [(one.place, one.text) for one in texts.values() if error_prone(one)]


@pytest.mark.parametrize("protocol", ALL)
def test_no_dose_no_name_and_no_date_of_a_template_is_error_prone(protocol: str) -> None:
    """C4, C5 and C6 on all sheets, in all files and findings of every shipped protocol."""
    evaluated = shipped_plan(protocol)
    pieces = list(everything(evaluated))
    assert len(pieces) > 200
    assert judged(pieces) == []
    assert [one for one in pieces if DATE_OF_NUMBERS.search(one.text)] == []
    assert [one for one in pieces if SHORT_NAME.search(one.text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_date_of_a_calendar_is_of_numbers_only(language: str) -> None:
    """C6 in the languages of the house."""
    for protocol in FEW:
        pieces = list(on_paper(shipped_plan(protocol), SITE, (language,)))
        assert [one for one in pieces if DATE_OF_NUMBERS.search(one.text)] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_choice_of_every_template_is_written_safely() -> None:
    """C4 to C6 over all golden cases: every variant's every choice, three patients."""
    for case in cases():
        pieces = list(everything(evaluated_case(case)))
        assert judged(pieces) == [], case.name
        assert [one for one in pieces if DATE_OF_NUMBERS.search(one.text)] == [], case.name


def with_random_doses(seed: int) -> tuple[EvaluatedPlan, list[tuple[Decimal, str]]]:
    """A plan to which a person added so many random doses, and these."""
    chance, first = Random(seed), shipped_plan("blinatumomab-mrd").plan
    block, doses, added = first.blocks[0].id, [], []
    for number in range(PER_PLAN):
        digits = chance.choice((0, 0, 1, 2, 3))
        whole = chance.choice((0, chance.randint(1, 99), chance.randint(100, 9_999), chance.randint(10_000, 999_999)))
        value = whole + Decimal(chance.randint(1, 10**digits) if digits else 1) / 10**digits
        unit = chance.choice(UNITS)
        doses.append((value, unit))
        route = "PO" if number % 2 else "IV"
        text = f"{value.normalize():f} {unit}"
        day = (1 + number % 28,)
        added.append(Addition(block, 1, f"added-{number}", "ondansetron", "supportive", route, day, "other", dose=text))
    return at_last(replace(first, modifications=tuple(added))), doses


@pytest.mark.parametrize("plans", [2, pytest.param(100_000 // PER_PLAN, marks=pytest.mark.slow)])
@pytest.mark.timeout(7200)
def test_random_doses_are_read_as_they_were_meant(plans: int) -> None:
    """C4: through the whole program: each is written in full, and nothing that is written is error-prone."""
    for seed in range(plans):
        evaluated, doses = with_random_doses(seed)
        pieces = list(on_paper(evaluated))
        assert judged(pieces) == [], seed
        by_sheet: dict[str, list[str]] = {}
        for one in pieces:
            by_sheet.setdefault(one.place, []).append(one.text)
        told = {place: "\n".join(texts) for place, texts in by_sheet.items()}
        wanted = {in_full(value, unit) for value, unit in doses}
        for place in ("roadmap en", "daysheet en"):
            assert [one for one in wanted if not re.search(rf"(?<![\d.,]){re.escape(one)}\b", told[place])] == []
        files = list(in_files(evaluated))
        assert judged(files) == [], seed
        rows = [one for one in evaluated.schedule.events if one.placed.order.id.startswith("added-")]
        assert sorted((one.dose.value, one.dose.unit) for one in rows if one.dose) == sorted(doses)
