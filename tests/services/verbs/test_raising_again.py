"""A second opinion on a rescue given otherwise: what stands after it, from the rows that stood before it alone."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import Refusal
from planner.model.plan import Plan
from planner.services.verbs.raising import Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from tests.services.courses_at_hand import AGENTS, plan_of, scheduled

Row = tuple[datetime, str, str]
"""When, which dose, and its state."""
WHERE = (
    ("hyper-cvad", "methotrexate-2-h", "leucovorin-next"),
    ("hyper-cvad", "methotrexate-2-h", "leucovorin-first"),
    ("aall0232-hr", "methotrexate", "leucovorin"),
    ("nelarabine-t-all", "methotrexate", "leucovorin"),
    ("mini-hyper-cvd-inotuzumab", "methotrexate", "leucovorin"),
)
ENDED = ("stopped", "omitted")


def rows_of(plan: Plan, block: str, cycle: int, role: str) -> list[Row]:
    """The doses with a clock time that a cycle has in that role."""
    return sorted(
        (
            datetime.combine(one.date, datetime.min.time()) + timedelta(minutes=one.minute),
            f"{one.placed.order.id} {one.dose.value if one.dose else ''}",
            str(one.state),
        )
        for one in scheduled(plan).events
        if (one.placed.block.id, one.placed.cycle, one.placed.role) == (block, cycle, role) and one.minute >= 0
    )


def expected(
    before: list[Row], leads: list[datetime], wish: Otherwise, until: datetime, often: dict[str, int]
) -> list[Row]:
    """The rows after the change: kept before its hour, ended from it to the next lead, and the new ones."""
    begins = datetime.combine(wish.on, datetime.min.time()) + timedelta(minutes=wish.minute)
    ends = min((one for one in leads if one > begins), default=datetime.max)
    state = "provisional" if any(one[2] == "provisional" for one in before) else "planned"
    found = [(at, dose, "stopped" if begins <= at < ends else told) for at, dose, told in before]
    step, at = timedelta(hours=wish.every), begins
    while at < until:
        found.append((at, f"{wish.name} 150", state))
        at += step
    started = max(one for one in leads if one <= begins)
    for name, every in often.items():
        mine = [one for one in before if one[1].split(" ", maxsplit=1)[0] == name and started <= one[0] < ends]
        found += drawn_on(mine, every, begins)
    return sorted(found)


def drawn_on(mine: list[Row], every: int, begins: datetime) -> list[Row]:
    """What went on behind its drawn days, on the day of the change up to its hour."""
    if not mine or mine[-1][0].date() >= begins.date():
        return []
    last_day = [one for one in mine if one[0].date() == mine[-1][0].date()]
    hours = [one[0].time() for one in last_day]
    if every:
        hours = sorted((last_day[0][0] + timedelta(hours=every * turn)).time() for turn in range(24 // every))
    days = (datetime.combine(begins.date(), hour) for hour in hours)
    return [(at, *last_day[0][1:]) for at in days if at < begins]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(WHERE),
    st.integers(0, 3),
    st.integers(60, 9 * 24 * 60),
    st.sampled_from((1, 2, 3, 4, 6, 8, 12, 24)),
    st.integers(0, 4),
)
def test_the_rows_after_it_follow_from_those_before_it(where, lead: int, after: int, every: int, days: int) -> None:
    protocol, lead_id, order = where
    plan = plan_of(protocol)
    events = scheduled(plan).events
    first = next((one for one in events if one.placed.order.id == order), None)
    if first is None:
        return
    block, cycle = first.placed.block, first.placed.cycle
    here = [one for one in events if (one.placed.block.id, one.placed.cycle) == (block.id, cycle)]
    starts = [
        datetime.combine(one.date, datetime.min.time()) + timedelta(minutes=one.minute)
        for one in here
        if one.placed.order.id == lead_id
    ]
    begins = starts[lead % len(starts)] + timedelta(minutes=after)
    on, minute = begins.date(), begins.hour * 60 + begins.minute
    until = on + timedelta(days)
    wish = Otherwise(block.id, cycle, order, on, minute, "150 mg", every, Why("other"), until=until, name="more")
    try:
        changed = give_otherwise(plan, scheduled(plan), AGENTS, wish)
    except Refusal:
        return
    often = {
        one.placed.order.id: getattr(one.placed.order, "every_hours", None) or 0
        for one in here
        if one.placed.role == "rescue" and getattr(one.placed.order, "until", "")
    }
    end = datetime.combine(until + timedelta(1), datetime.min.time())
    theirs = expected(rows_of(plan, block.id, cycle, "rescue"), starts, wish, end, often)
    assert rows_of(changed, block.id, cycle, "rescue") == theirs
    other = [one for one in scheduled(changed).events if one.placed.role != "rescue"]
    assert len(other) == len([one for one in events if one.placed.role != "rescue"])
