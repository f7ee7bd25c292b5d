"""Clock times that hang on other orders where a site's treatment days do not start at nine."""

import pytest

from planner.assembly.assemble import assemble
from planner.model.civil import clock
from planner.model.site import Site
from tests.assembly.test_calendar import SOMEBODY, START
from tests.assembly.texts import HEAD, order, phase
from tests.builders import placed


def times(text: str, starts: int) -> dict[str, str]:
    """Day number, date and clock time of the first dose of each order."""
    found = assemble(*placed(HEAD + text, SOMEBODY, START), {}, Site(treatment_day_starts=starts))
    return {
        event.placed.order.id: f"D{event.cycle_day} {event.date:%d-%m} {clock(event.minute)}"
        for event in reversed(found.events)
    }


@pytest.mark.parametrize(
    ("starts", "premed", "rescue"),
    [
        (9 * 60, "D1 05-01 08:00", "D3 07-01 03:00"),
        (20, "D-1 04-01 23:20", "D2 06-01 18:20"),  # never after the dose it comes before
        (5 * 60, "D1 05-01 04:00", "D2 06-01 23:00"),
        (23 * 60, "D1 05-01 22:00", "D3 07-01 17:00"),
    ],
)
def test_what_hangs_on_a_dose_goes_over_midnight_with_the_treatment_day(starts: int, premed: str, rescue: str) -> None:
    text = phase(
        "a",
        order("mtx", days="1:5"),
        order("premed", timing="1 h before mtx"),
        order("rescue", days="3", timing="42 h after start of only"),
        order("only"),
    )
    found = times(text, starts)
    assert (found["premed"], found["rescue"]) == (premed, rescue)


def test_a_run_that_hangs_on_a_dose_goes_on_from_there() -> None:
    text = phase(
        "a", order("mtx"), order("rescue", days="2", timing="24 h after start of mtx", frequency="every 6 h x 3")
    )
    assert times(text, 23 * 60 + 45)["rescue"] == "D2 06-01 23:45"


def test_a_clock_time_of_the_protocol_does_not_move_with_the_treatment_day() -> None:
    text = phase("a", order("mtx", at="10:00", days="1:5"), order("premed", timing="1 h before mtx"))
    assert times(text, 20)["premed"] == "D1 05-01 09:00"


def test_a_dose_at_its_own_clock_time_keeps_its_day_beside_the_dose_it_hangs_on() -> None:
    text = phase("a", order("mtx", days="1:5"), order("premed", timing="1 h before mtx", at="07:00"))
    assert times(text, 20)["premed"] == "D1 05-01 07:00"
