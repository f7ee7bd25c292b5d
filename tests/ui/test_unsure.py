"""What a provisional bar says it hangs on: a marker that nobody recorded is no open decision."""

from datetime import date

from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.timeline import Bar
from planner.services.verbs.together import not_recorded
from tests.exports.sheets.test_after_edits import placed, seen
from ui.models.subject import subjects_of
from ui.panels.inspector_text import describe


def course(**markers: str) -> EvaluatedPlan:
    """Hyper-CVAD with blinatumomab, of whose patient only those markers are known."""
    plan = placed("hyper-cvad-blinatumomab")
    return seen(replace(plan, patient=replace(plan.patient, markers=tuple(markers.items()))))


def bars(shown: EvaluatedPlan, agent: str) -> list[Bar]:
    """The bars of that drug."""
    return [bar for lane in shown.timeline.lanes if lane.title.startswith(agent) for bar in lane.bars]


def test_a_drug_that_waits_for_a_marker_names_it() -> None:
    """Rituximab was "behind an open decision" that the window has no question for."""
    shown = course()
    first = next(one for one in shown.schedule.events if one.placed.agent == "rituximab")
    assert first.state is State.PROVISIONAL
    bar = next(one for one in bars(shown, "Rituximab") if one.start == first.day)
    assert bar.detail.split("\n")[-1] == "Provisional: not recorded: CD20"
    told = not_recorded([first], date.fromordinal(first.day))
    assert [why for _, why in told] == ["it is provisional: not recorded: CD20"]
    inspector = describe(shown, subjects_of(shown, bar.id, frozenset()))
    assert "Status: provisional: not recorded: CD20" in [line for one in inspector.sections for line in one.lines]
    later = next(one for one in bars(shown, "Rituximab") if one.ground.provisional)
    assert "Provisional: behind an open decision" in later.detail, "its block hangs on an answer before that"
    assert next(iter(bars(course(cd20="positive"), "Rituximab"))).state is State.PLANNED
