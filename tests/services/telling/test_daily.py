"""A deferral tells of drugs given day by day: the pause it opens in them, or that they stay on their day."""

from planner.model.plan import Deferral, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.unlisted import unlisted
from planner.services.verbs import editing
from tests.exports.papers import library
from tests.services.courses_at_hand import plan_of, scheduled


def told(protocol: str, *change: object) -> tuple[str, ...]:
    plan = plan_of(protocol)
    later = editing.defer(plan, scheduled(plan), Deferral(*change, "counts"))
    return unlisted(evaluate(plan, library()), evaluate(later, library()))


def test_a_pause_that_a_deferral_opens_in_a_daily_steroid_is_told_with_its_days() -> None:
    (line,) = told("calgb-10403", "induction", 1, 8, 7, Scope.FOLLOWING)
    assert line.startswith("Prednisone, given day by day, is then not given from ")
    events = [one for one in scheduled(plan_of("calgb-10403")).events if one.placed.agent == "prednisone"]
    first, last = (next(one for one in events if one.cycle_day == day).date for day in (8, 14))
    assert f"from {first:%a %d-%b-%Y} to {last:%a %d-%b-%Y};" in line


def test_a_block_of_a_few_days_that_is_put_off_is_no_pause() -> None:
    for change in (
        ("hyper-cvad", "part-a", 1, 2, 1, Scope.CYCLE),
        ("calgb-10403", "induction", 1, 1, 7, Scope.FOLLOWING),
    ):
        assert not any("day by day" in line for line in told(*change))


def test_what_of_a_deferred_day_stays_is_told() -> None:
    (line,) = told("hyper-cvad", "part-a", 1, 11, 3, Scope.DAY)
    assert line == (
        "on its day stays what is given on days in a row: Dexamethasone of D11; "
        "the scope cycle or following moves it too"
    )
    assert told("hyper-cvad-dasatinib", "part-a", 1, 11, 3, Scope.DAY) == (line,), "dasatinib keeps its days anyway"
