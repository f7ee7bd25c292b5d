"""How far a change of one drug goes: which of its orders it is for, where the drug stays or comes back as it was."""

from collections.abc import Callable

from planner.model.plan import DoseChange, Hold, Plan, Replacement, Scope, Stop
from planner.model.schedule import Schedule
from planner.services.telling.elsewhere import stays_elsewhere
from planner.services.telling.reached import also_reached, beside, given_daily, goes_on_otherwise, other_doses
from ui.dialogs.fields import Answers, Field
from ui.dialogs.form import sentence
from ui.dialogs.verb_place import Place
from ui.tongue import say, sentence_words

Made = Callable[[Place, Answers], Hold | Stop | DoseChange | Replacement]
MadeDose = Callable[[Place, Answers], DoseChange | Replacement]
Says = Callable[[Place, Answers], tuple[str, ...]]
Change = Callable[[Place, Answers, Plan], Plan]


def orders_field(place: Place) -> tuple[Field, ...]:
    """Whether all orders of the drug are meant or the selected one alone, where its cycle has several."""
    asked = DoseChange(place.block.id, place.cycle, place.day, place.order, Scope.CYCLE, "other")
    if not (place.order and beside(place.evaluated.schedule, asked)):
        return ()
    all_of_it = say("All orders of {what}", what=place.drug)
    return (
        Field(
            "alone",
            "W&hich orders",
            "choice",
            value=False,
            choices=((False, all_of_it), (True, say("Only {what}", what=place.order))),
        ),
    )


def how_far(made: Made) -> Says:
    """What says above the consequences of such a change which orders it reaches, and where the drug is as before."""

    def says(place: Place, answers: Answers) -> tuple[str, ...]:
        change, schedule = made(place, answers), place.evaluated.schedule
        otherwise = goes_on_otherwise(schedule, change, say) if isinstance(change, Hold | Stop) else ""
        told = (also_reached(schedule, change, say), otherwise, stays_elsewhere(schedule, change, say))
        return tuple(sentence(one) for one in told if one)

    return says


def other_dose_doubts(made: MadeDose, *more: Says) -> Says:
    """What asks about a typed dose that would stand for another one than that of its order, and what else there is."""

    def doubts(place: Place, answers: Answers) -> tuple[str, ...]:
        doubt = other_doses(place.evaluated.schedule, made(place, answers), say)
        asked = (say("{doubt}. Is it meant so?", doubt=doubt),) if doubt else ()
        return (*asked, *(one for ask in more for one in ask(place, answers)))

    return doubts


def each_day(made: MadeDose, change: Change) -> Says:
    """What asks about a long-acting drug that would stand on each day of the daily one that it replaces."""

    def doubts(place: Place, answers: Answers) -> tuple[str, ...]:
        if place.look_at is None:
            return ()
        after = place.look_at(change(place, answers, place.evaluated.plan)).schedule
        replaced = made(place, answers)
        agent = place.agents.get(replaced.agent) if isinstance(replaced, Replacement) else None
        doubt = given_daily(after, replaced, agent, say) if isinstance(replaced, Replacement) else ""
        return (say("{doubt}. Is it meant so?", doubt=doubt),) if doubt else ()

    return doubts


def compared(ask: Callable[[Schedule, Schedule], str], change: Change) -> Says:
    """What asks about the doses that the change would make, beside those there are."""

    def doubts(place: Place, answers: Answers) -> tuple[str, ...]:
        if place.look_at is None:
            return ()
        after = place.look_at(change(place, answers, place.evaluated.plan))
        doubt = ask(place.evaluated.schedule, after.schedule)
        return (say("{doubt}. Is it meant so?", doubt=sentence_words(doubt)),) if doubt else ()

    return doubts
