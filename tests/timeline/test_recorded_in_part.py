"""A day of which some doses are recorded: one sign in one lane, that of what is still to be given."""

from planner.model.cycle_content import State
from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, course_plan, course_schedule
from tests.schedules import with_events
from tests.timeline.test_lay_out import lane


def _lanes(change):
    schedule = course_schedule()
    events = [event._replace(state=change(event) or event.state) for event in schedule.events]
    return lay_out(course_plan(), with_events(schedule, events), (), AGENTS)


def _first_prednisone(event):
    return event.placed.order.id == "prednisone-po" and event.cycle_day == 5


def test_a_day_given_in_part_stays_in_its_lane_and_is_not_ticked():
    seen = []

    def change(event):
        if _first_prednisone(event) and not seen:
            seen.append(event)
            return State.GIVEN
        return None

    timeline = _lanes(change)
    assert [one.title for one in timeline.lanes].count("Prednisone PO") == 1
    bar = next(one for one in lane(timeline, "Prednisone PO").bars if one.start == seen[0].day)
    assert bar.state is State.PLANNED
    assert bar.label.endswith("× 2 (1 given)")


def test_a_day_of_which_a_dose_is_left_out_keeps_both_signs():
    seen = []

    def change(event):
        if _first_prednisone(event) and not seen:
            seen.append(event)
            return State.OMITTED
        return None

    timeline = _lanes(change)
    bars = [
        bar
        for one in timeline.lanes
        if one.title == "Prednisone PO"
        for bar in one.bars
        if bar.start <= seen[0].day < bar.end
    ]
    assert [bar.state for bar in bars] == [State.PLANNED, State.OMITTED], "what is given keeps the first row"


def test_one_puncture_names_what_of_it_is_given():
    days = [event.day for event in course_schedule().events if event.placed.route == "IT"]
    several = next(day for day in days if days.count(day) > 1)
    timeline = _lanes(
        lambda event: (
            State.GIVEN
            if (event.day, event.placed.agent, event.placed.route) == (several, "methotrexate", "IT")
            else None
        )
    )
    bars = [bar for one in timeline.lanes if one.kind == "intrathecal" for bar in one.bars if bar.start == several]
    (bar,) = bars
    assert bar.state is State.PLANNED
    given, *others = sorted(bar.label.split(" + "), key=lambda words: "(given)" not in words)
    assert given.startswith("Methotrexate")
    assert given.endswith("(given)")
    assert others
    assert not any("given" in one for one in others)
