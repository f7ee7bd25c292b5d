"""Days on which the clinic is closed: what is asked about them, and what is said of doses that stay there."""

from collections.abc import Sequence
from datetime import date

from planner.errors import InputProblem, Refusal
from planner.model.civil import WEEKDAYS
from planner.services.closed_days import Cleared, Closed, public_holidays
from ui.dialogs.fields import Answers, Field
from ui.dialogs.form import sentence
from ui.plan_words import event_name, plan_words
from ui.tongue import say, weekday_date

DAYS_HINT = "25-Dec-2026, 01-Jan-2027"
COUNTRY_HINT = "the code of a country, such as DE, or with a part of it, such as DE-BY"
WEEKEND = (5, 6)
CLEAR_WORDS = (
    "Single doses of the clinic move to the nearest open day that their order accepts, where that brings no new "
    "warning. Infusions, and what is taken at home, stay."
)


def closed_fields(days: Sequence[date] = (), *, with_country: bool) -> tuple[Field, ...]:
    """Single closed days, and the public holidays of a country."""
    return (
        Field("closed", "&Closed days", "dates", days, hint=DAYS_HINT, optional=True),
        *((Field("country", "Pu&blic holidays of", hint=COUNTRY_HINT, optional=True),) if with_country else ()),
    )


def weekday_field(label: str, ticked: Sequence[int]) -> Field:
    """Any days of the week."""
    days = [(number, name[:3]) for number, name in enumerate(WEEKDAYS)]
    return Field("weekdays", label, "several", ticked, days, optional=True)


def closed_days(answers: Answers, years: Sequence[int]) -> frozenset[date]:
    """The days that were answered. Refuses a country whose public holidays are not known."""
    country, _, part = answers.get("country", "").strip().upper().partition("-")
    if not country:
        return frozenset(answers["closed"])
    try:
        return public_holidays(country, part, years) | frozenset(answers["closed"])
    except InputProblem:
        raise Refusal(say("No public holidays are known for {country}", country=answers["country"])) from None


def closed_of(answers: Answers, years: Sequence[int]) -> Closed:
    """When the clinic is closed."""
    return Closed(frozenset(answers["weekdays"]), closed_days(answers, years))


def cleared_words(found: Cleared) -> tuple[str, ...]:
    """What stays on a closed day and why, and what the moves bring for which no single one is to blame."""
    stays = (
        say("{what}, {day}, stays: {why}", what=event_name(one.label), day=weekday_date(one.day), why=plan_words(why))
        for one, why in found.left
    )
    brought = (say("New with these moves: {finding}", finding=f"{one.rule}, {one.message}") for one in found.brought)
    return tuple(sentence(one) for one in (*stays, *brought))
