"""Which answers a dose knows that was moved, by the second opinion. It shares no code with the planner.

Doses follow an answer from the cycle after it on. A dose that waits waits for the answer too: where the first dose that
an order has in a cycle is put off by a week, its doses there know what is asked until a week after the cycle's first
day; where it comes earlier, so much less. What the cycle itself asks it asks for the next one. Orders that follow an
answer at once know on each day what was asked before it, and that day is the one on which the dose really falls.
"""

from datetime import date, datetime, timedelta

from tests.assembly.second_going import off_barred_days
from tests.assembly.second_opinion import SecondOpinion


def asks_for_answers(order: dict) -> bool:
    """Whether a decision tells if, or how much of it, an order gives."""
    return any("decision." in one.get("when", "") for one in (order, *order.get("bands", [])))


def moved_days(opinion, order: dict, place: tuple[str, int], dated: list, first: date, known: dict) -> list[int]:
    """Days by which each dose is moved that the order has, whatever the answers leave of them."""
    plain = {key: order[key] for key in order if key not in ("when", "bands", "changes", "escalation", "course_cap")}
    opinion.late_by = []
    rows = SecondOpinion.order_rows(opinion, plain, *place, dated, first, known, {})
    opinion.moved_from = [row[0] for row in rows]
    return off_barred_days(opinion, rows, opinion.slips(rows, plain, *place), plain, first)


def answers_by_then(opinion, order: dict, place: tuple[str, int], dated: list, first: date, known: dict) -> dict:
    """The facts for a whole order of a cycle; of one that follows answers at once each dose's own days are kept."""
    opinion.late_by = []
    if not asks_for_answers(order):
        return known
    days = moved_days(opinion, order, place, dated, first, known)
    if order.get("changes") == "at once":
        opinion.late_by = days
        return known
    rows = zip(opinion.moved_from, opinion.clock, days, strict=True)
    late = min(rows, key=lambda one: (one[0], one[1] or datetime.min))[2] if days else 0
    return opinion.known_on(first + timedelta(late), opinion.asked_here) if late else known
