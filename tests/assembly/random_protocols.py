"""Random protocol files for property tests: small, odd, and always valid."""

from hypothesis import strategies as st

AGENTS = ("vincristine", "methotrexate", "dasatinib", "blinatumomab", "prednisone")
ASKED = ("decision.answer = yes", "decision.answer != yes", "decision.further = yes", "decision.further = pending")
FREQUENCIES = ("once daily", "twice daily", "three times daily", "every 12 h x 6", "every 6 h x 4")


@st.composite
def day_lists(draw: st.DrawFn, first: int, length: int) -> str:
    """A day list that stays inside the cycle, sometimes with days before it, steps, or an open end."""
    last = first + length - 1
    pieces = []
    at = draw(st.integers(first, min(first + 3, last)))
    if first >= 1 and draw(st.booleans()):
        before = draw(st.integers(2, 9))
        pieces.append(f"-{before}:-{draw(st.integers(1, before - 1))}")
    while at <= last and len(pieces) < 5:
        form = draw(st.sampled_from(["one", "or", "range", "step", "end"]))
        if form == "or" and at + 2 <= last:
            pieces.append(f"{at} or {at + 1} or {at + 2}")
            at += draw(st.integers(3, 12))
            continue
        form = "one" if form == "or" else form
        if form == "end":
            pieces.append(f"{at}:end")
            return ", ".join(pieces)
        if form == "one" or at == last:
            pieces.append(f"{at}")
            at += draw(st.integers(1, 12))
            continue
        until = draw(st.integers(at + 1, last))
        step = draw(st.integers(2, 8))
        pieces.append(f"{at}:{until}" if form == "range" else f"{at}:{until}/{step}")
        at = until + draw(st.integers(1, 12))
    return ", ".join(pieces)


@st.composite
def doses(draw: st.DrawFn) -> dict[str, str]:
    """Keys for one order's dose: flat, per m2, per kg, per day, capped, escalating, by weight or age."""
    amount = draw(st.decimals("0.1", "3000", places=1, allow_nan=False))
    unit = draw(st.sampled_from(["mg", "mcg", "units", "g"]))
    per = draw(st.sampled_from(["", "/m2", "/kg"]))
    form = draw(st.sampled_from(["plain", "cap", "day", "bands", "escalating", "course", "weight", "range"]))
    cap_unit = "mg" if unit == "g" else unit
    if form == "cap":
        return {"dose": f"{amount} {unit}{per}", "cap": f"{draw(st.integers(1, 5000))} {cap_unit}"}
    if form == "course":
        return {"dose": f"{amount} {unit}{per}", "course_cap": f"{draw(st.integers(1, 90_000))} {cap_unit}"}
    if form == "weight":
        rule = draw(st.sampled_from(["ideal", "adjusted", "lower of ideal and actual", "busulfan label"]))
        return {"dose": f"{amount} {unit}/kg", "weight": rule}
    if form == "range":
        return {"dose": f"{amount}-{amount + 1} {unit}{per}"}
    if form == "day":
        return {"dose": f"{amount} {unit}{per}/day"}
    if form == "escalating":
        return {"dose": f"{amount} {unit}{per}", "escalation": f"{draw(st.integers(1, 90))} {unit}{per}"}
    if form == "bands":
        limit = draw(
            st.sampled_from(["weight >= 45", "age < 18", "age_at_entry < 40", "cns = CNS3", "bsa > 1.5", *ASKED])
        )
        return {"bands": f'[{{ when = "{limit}", dose = "{amount} {unit}" }}, {{ dose = "{amount} {unit}{per}" }}]'}
    return {"dose": f"{amount} {unit}{per}"}


BEGUN = '"once begun"'


@st.composite
def orders(draw: st.DrawFn, number: int, first: int, length: int, cycles: int) -> str:
    """One [[phases.orders]] table as text."""
    lines = [
        "[[phases.orders]]",
        f'id = "order-{number}"',
        f'agent = "{draw(st.sampled_from(AGENTS))}"',
        'role = "antineoplastic"',
        'route = "PO"',
        f'days = "{draw(day_lists(first, length))}"',
        f'frequency = "{draw(st.sampled_from(FREQUENCIES))}"',
        'evidence = "secondary"',
        'references = ["X1"]',
        f'duration = "{draw(st.sampled_from(["15 min", "2 h", "24 h"]))}"',
    ]
    if draw(st.integers(0, 3)) == 0:
        lines.append(f'not_on = "{draw(st.sampled_from(["Sat, Sun", "Mon, Thu", "Fri"]))}"')
        if draw(st.booleans()):
            lines.append(f'window = "-{draw(st.integers(0, 3))}/+{draw(st.integers(0, 3))}"')
    elif lines[6] == 'frequency = "once daily"' and draw(st.booleans()):
        lines[6] = draw(st.sampled_from(['at = "08:00"', 'at = "07:30, 12:00, 19:00"', 'weekdays = "Mon, Thu"']))
    if not lines[-1].startswith("window") and draw(st.integers(0, 3)) == 0:
        lines.append(f'window = "-{draw(st.integers(0, 3))}/+{draw(st.integers(0, 3))}"')
    if draw(st.integers(0, 4)) == 0:
        kept = any(line.startswith("weekdays") for line in lines)
        lines.append(f"stays = {'true' if kept else draw(st.sampled_from(['true', BEGUN]))}")
    alone = ("not_on", "weekdays", "stays", "window")
    if number and not any(line.startswith(alone) for line in lines) and draw(st.integers(0, 3)) == 0:
        lines.append('goes_with = "order-0"')
    for key, value in draw(doses()).items():
        lines.append(f"{key} = {value}" if key == "bands" else f'{key} = "{value}"')
    if draw(st.integers(0, 2)) == 0:
        lines.append('until = "counts recover"')
    if draw(st.integers(0, 3)) == 0:
        lines.append('changes = "at once"')
    if draw(st.booleans()):
        last = draw(st.integers(1, cycles))
        lines.append(f'cycles = "{"1" if last == 1 else f"1-{last}"}"')
    if draw(st.integers(0, 3)) == 0:
        condition = st.sampled_from(["age >= 18", "age_at_entry >= 18", "cns in CNS1 | CNS2", "sex = female", *ASKED])
        groups = st.lists(st.lists(condition, min_size=1, max_size=2).map(" and ".join), min_size=1, max_size=2)
        lines.append(f'when = "{draw(groups.map(" or ".join))}"')
    return "\n".join(lines)


LENGTHS = (
    *(f'duration = "{length}"' for length in ("30 min", "3 h", "26 h")),
    *(
        f'volume = "{volume} mL"\nrate = "{rate} mL/h"'
        for volume, rate in (("100", "50"), ("62.5", "7"), ("1.5", "99"))
    ),
)


@st.composite
def timed_orders(draw: st.DrawFn, number: int, first: int, length: int, rescues: bool = False) -> list[str]:
    """One or two orders that hang by hours on an order of the phase, or on each other; with `rescues` some of these."""
    target = draw(st.integers(0, number - 1))
    found = []
    for own in range(number, number + draw(st.integers(1, 2))):
        away = draw(st.sampled_from(["30 min", "1 h", "12 h", "36 h", "90 h"]))
        side = draw(st.sampled_from(["before", "after start of", "after end of"]))
        lines = [
            "[[phases.orders]]",
            f'id = "order-{own}"',
            f'agent = "{draw(st.sampled_from(AGENTS))}"',
            'role = "premedication"',
            'route = "IV"',
            f'days = "{draw(day_lists(first, length))}"',
            f'frequency = "{draw(st.sampled_from(FREQUENCIES))}"',
            f'timing = "{away} {side} order-{target}"',
            draw(st.sampled_from(LENGTHS)),
            'dose = "5 mg"',
            'evidence = "secondary"',
            'references = ["X1"]',
        ]
        if draw(st.integers(0, 4)) == 0:
            lines.append('when = "decision.answer = yes"')
        if rescues and draw(st.integers(0, 3)):
            lines[2:4] = ['agent = "leucovorin"', 'role = "rescue"']
            # What rescues comes after what it rescues from.
            lines = [one.replace(" before ", " after start of ") for one in lines]
            lines += ['until = "levels are low"'] if draw(st.booleans()) else []
        found.append("\n".join(lines))
        target = own
    return found


@st.composite
def protocols(draw: st.DrawFn, timed: bool = False, longest: int = 90, rescues: bool = False) -> str:
    """A whole protocol file of one to four phases, some behind a decision, some ended by a date.

    With `timed`, some phases have orders that hang on others by hours; with `rescues` all have, most of them rescues. A
    cycle has 7 to `longest` days.
    """
    lines = [
        'id = "random"',
        'title = "Random"',
        'version = "1"',
        'status = "draft"',
        'disease = "none"',
        'population = "anybody"',
        "[references]",
        'X1 = { text = "invented", url = "" }',
    ]
    count = draw(st.integers(1, 4))
    names, asked_in = [f"phase-{number}" for number in range(count)], 1
    for number, name in enumerate(names):
        first = draw(st.sampled_from([1, 1, 1, 0, 26]))
        length, cycles = draw(st.integers(7, longest)), draw(st.integers(1, 4))
        asked_in = asked_in if number else draw(st.integers(1, cycles))
        lines += ["[[phases]]", f'id = "{name}"', f'title = "{name}"', f"cycle_days = {length}", f"cycles = {cycles}"]
        lines.append(f"first_day = {first}")
        if number == 0:
            lines.append('start = "protocol start"')
        elif draw(st.booleans()):
            lines.append(f'start = "after {draw(st.sampled_from(names[:number]))} + {draw(st.integers(1, 20))} days"')
        if number and draw(st.integers(0, 3)) == 0:
            asked = ["decision.answer = yes", "decision.answer = no", "age_at_entry < 40"]
            lines.append(f'only_if = "{draw(st.sampled_from(asked))}"')
        if number and draw(st.integers(0, 3)) == 0:
            lines.append(f'ends = [{{ until = "{draw(st.integers(1, 14))} months after {names[0]} day 30" }}]')
        count_here = draw(st.integers(1, 4))
        lines += [draw(orders(order, first, length, cycles)) for order in range(count_here)]
        if rescues or (timed and draw(st.integers(0, 2)) == 0):
            lines += draw(timed_orders(count_here, first, length, rescues))
    lines += [
        "[[decisions]]",
        'id = "answer"',
        'question = "Yes or no?"',
        'phase = "phase-0"',
        "cycle = 1",
        "day = 30",
        'expected = "yes"',
        'choices = [{ id = "yes", title = "Yes" }, { id = "no", title = "No" }]',
        'evidence = "secondary"',
        'references = ["X1"]',
        "[[decisions]]",
        'id = "further"',
        'question = "And then?"',
        f'when = "decision.answer = {draw(st.sampled_from(["yes", "no"]))}"',
        'phase = "phase-0"',
        f"cycle = {asked_in}",
        f"day = {draw(st.integers(1, 60))}",
        f'expected = "{draw(st.sampled_from(["yes", "no"]))}"',
        'choices = [{ id = "yes", title = "Yes" }, { id = "no", title = "No" }]',
        'evidence = "secondary"',
        'references = ["X1"]',
    ]
    return "\n".join(lines) + "\n"
