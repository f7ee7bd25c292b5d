"""How the second opinion reads the words of a file. It shares no code with the planner."""

import math
import re
from datetime import date, timedelta
from fractions import Fraction


def square_metres(height: Fraction, weight: Fraction) -> Fraction:
    """Mosteller to three decimals by whole-number square root: no floating point."""
    inside = height * weight * 1_000_000 / 3600
    doubled = math.isqrt(int(4 * inside))
    return Fraction((doubled + 1) // 2, 1000)


def true_of(text: str, known: dict[str, object]) -> bool | None:
    """Three-valued reading of a condition: "and" binds tighter than "or"."""
    if " or " in text:
        either = [true_of(group, known) for group in text.split(" or ")]
        return True if True in either else None if None in either else False
    answers: list[bool | None] = []
    for part in (piece for piece in text.split(" and ") if piece.strip()):
        name, sign, wanted = part.strip().split(" ", 2)
        if known.get(name) in (None, ""):
            answers.append(None)
            continue
        have = known[name]
        options = [one.strip() for one in wanted.split("|")]
        if sign in ("=", "in", "!="):
            hit = any(
                str(have).lower() == one.lower()
                if isinstance(have, str)
                else (is_number(one) and Fraction(one) == have)
                for one in options
            )
            answers.append(hit if sign != "!=" else not hit)
        elif isinstance(have, str):
            answers.append(None)
        else:
            limit = Fraction(options[0])
            answers.append({"<": have < limit, "<=": have <= limit, ">": have > limit, ">=": have >= limit}[sign])
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def kilograms(rule: str, height: Fraction, weight: Fraction, sex: str) -> Fraction | None:
    """The dosing weight by its name: Devine in inches, busulfan's label in centimetres, both to a tenth."""
    if rule == "actual":
        return weight
    female = sex == "female"
    if rule == "busulfan label":
        if height < 152:
            return None
        ideal = Fraction(91, 100) * (height - 152) + (45 if female else 50)
        index = tenth(weight / (height / 100) ** 2)
        return tenth(ideal + (weight - ideal) / 4) if index >= 30 else min(tenth(ideal), weight)
    inches = height * 100 / 254
    if inches < 60:
        return None
    ideal = Fraction(23, 10) * (inches - 60) + (Fraction(91, 2) if female else 50)
    if rule == "ideal":
        return tenth(ideal)
    if rule == "adjusted":
        return tenth(ideal + Fraction(2, 5) * (weight - ideal)) if weight > ideal * Fraction(6, 5) else weight
    return min(tenth(ideal), weight)


def tenth(value: Fraction) -> Fraction:
    return Fraction(math.floor(value * 10 + Fraction(1, 2)), 10)


def shifted(order: dict, dated: list, extras: dict[int, list[int]], at: dict[int, date]) -> list:
    """Days on an excluded weekday, each moved to the first accepted day that is neither excluded nor taken."""
    bad = [part.strip() for part in order["not_on"].split(",")]
    taken = {number for number, _ in dated}
    found = {}
    for number, day in dated:
        free = [one for one in extras[number] if at[one].strftime("%a") not in bad and one not in taken | found.keys()]
        if day.strftime("%a") in bad and free:
            found[free[0]] = at[free[0]]
        else:
            found[number] = day
    return sorted(found.items())


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def listed(text: str) -> tuple[list[int], bool]:
    """Days written as "1, 8:11, 15:29/7, 1:end": the numbers, and whether the last one runs on to the end.

    Of "4 or 5 or 6" the first counts.
    """
    numbers: list[int] = []
    open_end = False
    for piece in text.split(","):
        found = re.fullmatch(r"(-?\d+)(?::(-?\d+|end)(?:/(\d+))?)?", piece.split(" or ")[0].strip().replace(" ", ""))
        assert found, piece
        first, last, step = int(found[1]), found[2], int(found[3] or 1)
        if last == "end":
            numbers.append(first)
            open_end = True
        else:
            numbers += list(range(first, int(last or first) + 1, step))
    return numbers, open_end


def cycles_of(text: str) -> list[int]:
    numbers: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.strip().partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def months_for_years(text: str) -> str:
    """ "2 years after ..." as "24 months after ..."."""
    found = re.match(r"(\d+) years? ", text)
    return f"{int(found[1]) * 12} months {text[found.end() :]}" if found else text


def walk(start: date, first_number: int, wanted: int) -> date:
    """Step day by day from the first day's number to the wanted one; nobody counts a Day 0 between -1 and 1."""
    number, day = first_number, start
    step = 1 if wanted > number else -1
    while number != wanted:
        day += timedelta(step)
        number += step
        if number == 0 and first_number >= 1:
            number += step if number != wanted else 0
    return day


def lasting(order: dict) -> str:
    """How long a dose of the order runs: as it says, else its volume at its rate to the minute, else nothing."""
    if "duration" in order or "volume" not in order or "rate" not in order:
        return order.get("duration", "0 h")
    volume, rate = (Fraction(order[key].split()[0]) for key in ("volume", "rate"))
    return f"{max(1, math.floor(volume / rate * 60 + Fraction(1, 2)))} min"


def hung_last(orders: list[dict]) -> list[dict]:
    """Every order behind the one it hangs on."""
    done: list[dict] = []
    while len(done) < len(orders):
        ready = {one["id"] for one in done}
        done += [
            one
            for one in orders
            if one["id"] not in ready
            and ("timing" not in one or one["timing"].split()[-1] in ready)
            and ready >= set(filter(None, one.get("goes_with", "").split(", "))) & {other["id"] for other in orders}
        ]
    return done


def written(value: Fraction) -> str:
    """A decimal without trailing zeros, from a fraction that has one."""
    whole = value.numerator // value.denominator
    rest, digits = value - whole, ""
    while rest and len(digits) < 12:
        rest *= 10
        digits += str(rest.numerator // rest.denominator)
        rest -= rest.numerator // rest.denominator
    return f"{whole}.{digits}" if digits else str(whole)


def keeps(order: dict) -> bool:
    """Whether the order stays on its days whatever happens to the cycle."""
    return bool(order.get("stays", False) or "weekdays" in order)


def first_if_begins(order: dict) -> int | None:
    """The first day of an order that stays on its days only once it has begun; None of any other."""
    return listed(order["days"])[0][0] if order.get("stays") == "once begun" else None


def along(order: dict, deferrals: list[dict]) -> int:
    """Days by which deferrals of the cycle take such an order along: those from its first dose or earlier on."""
    first = first_if_begins(order)
    return sum(
        one["days"]
        for one in deferrals
        if first is not None and one["day"] <= first and one["scope"] != "day" and not one["order"]
        if order["id"] not in [name for name, _ in one.get("kept", [])]
    )
