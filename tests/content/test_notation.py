"""The small languages of protocol files: what each text means, and that every text it refuses is refused in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.content import notation
from planner.model.civil import WEEKDAYS, clock
from planner.model.protocol import Days, EndRule, Phase, StartRule, TimeAnchor, Window
from planner.model.quantity import Amount

IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "first_day", "numbers", "to_end"),
    [
        ("1", 1, (1,), False),
        ("1, 8, 15, 22", 1, (1, 8, 15, 22), False),
        ("1,8 ,15", 1, (1, 8, 15), False),
        ("1:5", 1, (1, 2, 3, 4, 5), False),
        ("8:78/7", 1, (8, 15, 22, 29, 36, 43, 50, 57, 64, 71, 78), False),
        ("8:80/7", 1, (8, 15, 22, 29, 36, 43, 50, 57, 64, 71, 78), False),
        ("1:end", 1, (1,), True),
        ("1, 4, 8:end", 1, (1, 4, 8), True),
        ("-7:-1", 1, (-7, -6, -5, -4, -3, -2, -1), False),
        ("-2:2", 1, (-2, -1, 1, 2), False),
        ("-2:2", 0, (-2, -1, 0, 1, 2), False),
        ("-2:2", -7, (-2, -1, 0, 1, 2), False),
        ("-6:9/7", 1, (-6, 2, 9), False),
        ("-6:8/7", 0, (-6, 1, 8), False),
        ("-1:1", 1, (-1, 1), False),
        ("0", 0, (0,), False),
        ("-6, -3:-1, 0, 3", 0, (-6, -3, -2, -1, 0, 3), False),
        ("29:57/28", 29, (29, 57), False),
    ],
)
def test_days(text, first_day, numbers, to_end):
    assert notation.parse_days(text, first_day) == Days(numbers, to_end, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'cannot read the days ""'),
        ("1;8", 'cannot read the days "1;8"'),
        ("1 8", 'cannot read the days "1 8"'),
        ("day 1", 'cannot read the days "day 1"'),
        ("1-5", 'cannot read the days "1-5"'),
        ("1.5", 'cannot read the days "1.5"'),
        ("٣", 'cannot read the days "٣"'),
        ("1:end/7", 'cannot read the days "1:end/7"'),
        ("10000", 'cannot read the days "10000"'),
        ("1:1000000000", 'cannot read the days "1:1000000000"'),
        ("5:1", '"5:1": a range runs from an earlier to a later day'),
        ("5:5", '"5:5": a range runs from an earlier to a later day'),
        ("1:9/0", '"1:9/0": a range runs from an earlier to a later day'),
        ("1:9999", '"1:9999": an order has at most 1000 days'),
        ("1:999, 1001:1999", "an order has at most 1000 days"),
        ("8, 1", "day 1 stands after day 8"),
        ("1, 1", "day 1 stands after day 1"),
        ("1:5, 3", "day 3 stands after day 5"),
        ("1:end, 9", "nothing can follow a range up to the end"),
        ("0, 1", '"0": there is no Day 0 here; the day before Day 1 is Day -1'),
        ("-3:0", '"-3:0": there is no Day 0 here'),
        ("0:end", '"0:end": there is no Day 0 here'),
    ],
)
def test_days_that_cannot_be_read(text, message):
    with pytest.raises(ValueError, match=r"day|range") as error:
        notation.parse_days(text)
    assert message in str(error.value)


@st.composite
def day_lists(draw):
    """Rising pieces (first, last, step) with the text they are written as and the calendar days they mean."""
    first_day = draw(st.sampled_from([1, 0, -7, 29]))
    offset = draw(st.integers(-60, 60))
    pieces, offsets = [], []
    for _ in range(draw(st.integers(1, 6))):
        offset += draw(st.integers(1, 20))
        steps, step = draw(st.integers(0, 8)), draw(st.integers(1, 9))
        days = [offset + step * number for number in range(steps + 1)]
        slack = draw(st.integers(0, step - 1)) if steps else 0
        pieces.append((days[0], days[-1] + slack, step))
        offsets += days
        offset = days[-1] + slack
    return first_day, pieces, offsets


@given(day_lists())
def test_days_written_as_ranges_are_the_calendar_days_meant(case):
    first_day, pieces, offsets = case
    # The model's own numbering is the second opinion: Phase.day_at leaves out Day 0 where there is none.
    phase = Phase("p", "P", 10, StartRule(), (), first_day=first_day)
    parts = []
    for first, last, step in pieces:
        days = f"{phase.day_at(first)}" + (f":{phase.day_at(last)}" if last > first else "")
        parts.append(days + (f"/{step}" if step > 1 and last > first else ""))
    read = notation.parse_days(", ".join(parts), first_day)
    assert [phase.offset(number) for number in read.numbers] == offsets
    assert not read.to_end


@given(st.lists(st.integers(1, 60), min_size=1, unique=True).map(sorted))
def test_cycles_written_singly_or_as_ranges_are_the_same(cycles):
    runs = []
    for cycle in cycles:
        if runs and runs[-1][1] == cycle - 1:
            runs[-1][1] = cycle
        else:
            runs.append([cycle, cycle])
    short = ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)
    assert notation.parse_cycles(short) == notation.parse_cycles(", ".join(map(str, cycles))) == tuple(cycles)


@pytest.mark.parametrize("text", ["", "0", "2-1", "2-2", "1, 1", "2, 1", "1-3, 3", "-1", "1:3", "all", "1000", "٣"])
def test_cycles_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cycles"):
        notation.parse_cycles(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("once daily", (1, None, 1)),
        ("twice daily", (2, None, 1)),
        ("three times daily", (3, None, 1)),
        ("four times daily", (4, None, 1)),
        ("every 12 h x 6", (1, 12, 6)),
        ("every 6 h x 20", (1, 6, 20)),
    ],
)
def test_frequency(text, meaning):
    assert notation.parse_frequency(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "Twice daily",
        "every 12 h",
        "every 12h x 6",
        "every 0 h x 6",
        "every 12 h x 1",
        "every 12 h x 0",
        "BID",
    ],
)
def test_frequency_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the frequency"):
        notation.parse_frequency(text)


@given(st.sets(st.integers(0, 1439), min_size=1, max_size=6))
def test_clock_times_round_trip(minutes):
    text = ", ".join(clock(minute) for minute in sorted(minutes))
    assert notation.parse_clock_times(text) == tuple(sorted(minutes))


@pytest.mark.parametrize("text", ["", "8:00", "24:00", "08:60", "08.00", "08:00 20:00", "20:00, 08:00", "08:00, 08:00"])
def test_clock_times_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="clock time"):
        notation.parse_clock_times(text)


@given(st.sets(st.integers(0, 6), min_size=1))
def test_weekdays_round_trip(numbers):
    text = ", ".join(WEEKDAYS[number] for number in sorted(numbers))
    assert notation.parse_weekdays(text) == tuple(sorted(numbers))


@pytest.mark.parametrize("text", ["", "Monday", "sat", "Sun, Sat", "Sat, Sat", "Sat-Sun"])
def test_weekdays_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="weekday"):
        notation.parse_weekdays(text)


@given(
    st.integers(0, 9999),
    st.sampled_from([("h", 60), ("min", 1)]),
    st.sampled_from([("before", -1), ("before start of", -1), ("after start of", 1), ("after end of", 1)]),
    IDS,
)
def test_timing_round_trip(number, unit, side, order):
    read = notation.parse_timing(f"{number} {unit[0]} {side[0]} {order}")
    assert read == TimeAnchor(order, side[1] * number * unit[1], "end" if "end" in side[0] else "start")


def test_timing_in_parts_of_an_hour():
    assert notation.parse_timing("0.5 h before x") == TimeAnchor("x", -30)
    assert notation.parse_timing("1.25 h after end of x") == TimeAnchor("x", 75, "end")
    with pytest.raises(ValueError, match="whole minutes"):
        notation.parse_timing("0.001 h before x")


@pytest.mark.parametrize(
    "text",
    ["", "before x", "1 h after x", "1 day before x", "-1 h before x", "1 h before X", "1 h before x y", "1h before x"],
)
def test_timing_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the timing"):
        notation.parse_timing(text)


@given(st.integers(0, 999), st.integers(0, 999))
def test_window_round_trip(earlier, later):
    assert notation.parse_window(f"-{earlier}/+{later}") == Window(earlier, later)


@pytest.mark.parametrize("text", ["", "1/2", "+1/-2", "-1/2", "-1", "+2", "-1 / +2"])
def test_window_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the window"):
        notation.parse_window(text)


@given(st.integers(1, 9999))
def test_duration_is_exact_to_the_minute(number):
    assert notation.parse_duration(f"{number} h") == number
    assert round(notation.parse_duration(f"{number} min") * 60) == number


def test_duration_in_parts_of_an_hour():
    assert notation.parse_duration("1.5 h") == Decimal("1.5")
    assert notation.parse_duration("15 min") == Decimal("0.25")


@pytest.mark.parametrize("text", ["", "0 h", "0 min", "24", "24h", "1 day", "-1 h", "2 H"])
def test_duration_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the duration"):
        notation.parse_duration(text)


@given(IDS, st.integers(-99, 999), st.integers(0, 999))
def test_start_round_trip(phase, day, gap):
    assert notation.parse_start("protocol start", "ANC") == StartRule(gate="ANC")
    assert notation.parse_start(f"after {phase}") == StartRule(phase)
    assert notation.parse_start(f"after {phase} + {gap} days") == StartRule(phase, None, gap)
    assert notation.parse_start(f"{phase} day {day}") == StartRule(phase, day)
    assert notation.parse_start(f"{phase} day {day} + {gap} days", "ANC") == StartRule(phase, day, gap, "ANC")


@pytest.mark.parametrize(
    "text",
    ["", "start", "protocol  start", "after", "after X", "after x - 7 days", "after x + 7", "x", "x day", "day 8"],
)
def test_start_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the start"):
        notation.parse_start(text)


@given(st.integers(1, 80), IDS, st.integers(-9, 99))
def test_until_round_trip(number, phase, day):
    assert notation.parse_until(f"{number} months after {phase} day {day}") == EndRule(number, phase, day)
    assert notation.parse_until(f"{number} years after {phase} day {day}") == EndRule(12 * number, phase, day)


@pytest.mark.parametrize(
    "text", ["", "0 months after x day 1", "2 years", "24 months after x", "24 months after day 1"]
)
def test_until_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the end"):
        notation.parse_until(text)


def test_volumes_rates_and_concentrations():
    assert notation.parse_volume("62.5 mL") == Decimal("62.5")
    assert notation.parse_rate("1.8 mL/h") == Decimal("1.8")
    assert notation.parse_concentration("5 mg/mL") == Amount(Decimal(5), "mg")
    assert notation.parse_concentration("0.1 g/mL") == Amount(Decimal(100), "mg")


@pytest.mark.parametrize("text", ["", "50", "50ml", "0 mL", "-50 mL", "50 mL/h", "1e3 mL", "50 mL ", "1000000 mL"])
def test_volume_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the volume"):
        notation.parse_volume(text)


@pytest.mark.parametrize("text", ["", "50", "50 ml/h", "0 mL/h", "50 mL", "50 mL/min", "50 mL/h "])
def test_rate_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the rate"):
        notation.parse_rate(text)


@pytest.mark.parametrize(
    "text", ["", "5 mg", "5 mg/ml", "0 mg/mL", "5 mL/mL", "5 Gy/mL", "1 drop/mL", "5 mg/mL/h", "/mL", "mg/mL"]
)
def test_concentration_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read the concentration"):
        notation.parse_concentration(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("x", ("x", ())), ("x-1 2", ("x-1", (2,))), ("x 1-2", ("x", (1, 2))), ("x 1, 3", ("x", (1, 3)))],
)
def test_step(text, meaning):
    assert notation.parse_step(text) == meaning


@pytest.mark.parametrize("text", ["", "X", "x ", " x", "x y", "x 0", "x, y"])
def test_step_that_cannot_be_read(text):
    with pytest.raises(ValueError, match=r"cannot read|cycles count"):
        notation.parse_step(text)


@given(
    st.text(max_size=60),
    st.sampled_from(
        [
            "days",
            "cycles",
            "frequency",
            "timing",
            "window",
            "duration",
            "volume",
            "concentration",
            "rate",
            "start",
            "until",
            "step",
            "clock_times",
            "weekdays",
        ]
    ),
)
def test_any_text_is_read_or_refused_in_one_sentence(text, language):
    refusal = ""
    try:
        getattr(notation, f"parse_{language}")(text)
    except ValueError as error:
        refusal = f"{error} "
    assert refusal != " "
