"""Drugs of which only the dose hangs on an answer."""

from msgspec.structs import replace

from planner.model.condition import parse_condition
from planner.model.cycle_content import State
from planner.model.open_dose import is_dose_open
from planner.model.protocol import Days
from tests.exports.papers import shipped


def unsure(protocol: str, agent: str) -> list:
    events = shipped(protocol).schedule.events
    return [one for one in events if one.placed.agent == agent and one.state is State.PROVISIONAL]


def test_ponatinib_goes_on_with_every_answer_about_the_response() -> None:
    here = [one for one in unsure("ponatinib-blinatumomab", "ponatinib") if not one.placed.block.provisional]
    assert len(here) > 100
    assert all(map(is_dose_open, here))
    alone = [one for one in unsure("ponatinib-blinatumomab", "ponatinib") if one.placed.block.provisional]
    assert alone, "the block itself hangs on an answer"
    assert not any(map(is_dose_open, alone))


def test_what_is_given_only_with_one_answer_or_marker_hangs_on_it() -> None:
    assert not any(map(is_dose_open, unsure("hyper-cvad-ponatinib", "rituximab")))
    assert not any(map(is_dose_open, unsure("obe-cel", "obecabtagene-autoleucel")))
    planned = next(one for one in shipped("ponatinib-blinatumomab").schedule.events if one.placed.agent == "ponatinib")
    assert planned.state is State.PLANNED
    assert not is_dose_open(planned)


def test_an_answer_without_the_drug_a_day_or_a_cycle_without_it_leaves_it_open_whether_it_is_given() -> None:
    first = unsure("ponatinib-blinatumomab", "ponatinib")[0]
    block, order = first.placed.block, first.placed.order

    def among(*orders: object) -> bool:
        phase = replace(block.phase, orders=orders)
        return is_dose_open(first._replace(placed=replace(first.placed, block=replace(block, phase=phase))))

    other = replace(order, id="other", when=parse_condition("decision.cmr-1 != yes"))
    assert among(order, other)
    assert not among(order)
    assert not among(order, replace(other, agent="dasatinib"))
    assert not among(order, replace(other, days=Days((40,))))
    assert not among(order, replace(other, cycles=(1,)))
    assert among(order, replace(other, cycles=(1, 2)))
    assert not among(order, replace(other, when=parse_condition("decision.cmr-1 != yes and age < 60")))
    assert not among(replace(order, when=parse_condition("age < 60")))


def test_a_question_has_no_dose() -> None:
    events = shipped("ponatinib-blinatumomab").schedule.events
    (asked, *_) = (one for one in events if one.placed.kind == "decision")
    assert not is_dose_open(
        asked._replace(state=State.PROVISIONAL, placed=replace(asked.placed, block=events[0].placed.block))
    )
