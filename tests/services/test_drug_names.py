"""The clinic's choice of drug names reaches everything that shows a drug (promises C5)."""

import pytest

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.services.evaluation import as_written, evaluate
from planner.services.printing import BUILDERS
from tests.exports.papers import job, library, lines_of
from tests.services.courses_at_hand import plan_of

TALL = Site(drug_names="tall-man")
NAMES = {agent.name: agent.tall_man for agent in library().agents.values() if agent.tall_man}
COURSES = ("calgb-10403", "hyper-cvad-dasatinib")


def shown(protocol: str, site: Site) -> EvaluatedPlan:
    return evaluate(plan_of(protocol), library(), site)


def test_names_are_plain_unless_the_clinic_chose_otherwise() -> None:
    assert Site().drug_names == "plain"
    assert as_written(library(), Site()) is library()
    assert "Vincristine" in {event.placed.agent_name for event in shown("calgb-10403", Site()).schedule.events}


def test_the_same_vocabulary_is_used_every_time() -> None:
    once = as_written(library(), TALL)
    assert once.agents is as_written(library(), TALL).agents
    assert as_written(once, TALL).agents is once.agents


@pytest.mark.parametrize("protocol", COURSES)
def test_every_event_lane_and_bar_has_the_tall_name(protocol: str) -> None:
    plain, tall = shown(protocol, Site()), shown(protocol, TALL)
    for before, after in zip(plain.schedule.events, tall.schedule.events, strict=True):
        assert after.placed.agent_name == NAMES.get(before.placed.agent_name, before.placed.agent_name)
        assert after.placed.agent == before.placed.agent
    first, then = ([lane.title.partition(" ")[0] for lane in one.timeline.lanes] for one in (plain, tall))
    assert then == [NAMES.get(word, word) for word in first]
    assert then != first


@pytest.mark.parametrize("protocol", COURSES)
def test_dates_doses_and_findings_are_the_same(protocol: str) -> None:
    plain, tall = shown(protocol, Site()), shown(protocol, TALL)
    facts = [
        [
            (one.day, one.minute, one.placed.id, one.dose and (one.dose.value, one.dose.unit))
            for one in some.schedule.events
        ]
        for some in (plain, tall)
    ]
    assert facts[0] == facts[1]
    assert [(one.rule, one.days, one.severity) for one in plain.findings] == [
        (one.rule, one.days, one.severity) for one in tall.findings
    ]


@pytest.mark.parametrize("kind", ["roadmap", "daysheet", "supply", "handover"])
def test_no_sheet_for_clinicians_has_a_name_in_both_spellings(kind: str) -> None:
    texts = {line.text for line in lines_of(BUILDERS[kind](shown("calgb-10403", TALL), job(TALL)))}
    assert not texts & set(NAMES)
    assert texts & set(NAMES.values())
