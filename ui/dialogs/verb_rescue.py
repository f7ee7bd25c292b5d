"""What a rescue that is given otherwise asks: from which hour on, how much, every how many hours."""

from datetime import date

from planner.errors import Refusal
from planner.model.plan import Plan
from planner.services.usual_doses import TypedDose, agent_placed, dose_doubt, times_a_day
from planner.services.verbs.raising import INTERVALS, Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import told_of, why_fields
from ui.dialogs.verb_place import HOURS, Place
from ui.tongue import say


def rescue_fields(place: Place) -> tuple[Field, ...]:
    """The first dose otherwise, the dose, the hours between two, the last day drawn."""
    event = place.event
    every = [(one, say("every {hours} h", hours=one)) for one in INTERVALS]
    begins = max(place.today, date.fromordinal(event.day)) if event else place.today
    return (
        Field("on", "F&irst dose on", "date", begins),
        Field("hour", "A&t", "pick", event.minute if event and event.minute >= 0 else None, HOURS, hint="18:00"),
        Field("dose", "&Dose", "dose", hint="150 mg or 100 mg/m2"),
        Field("every", "&How often", "choice", 24 // times_a_day(event.placed) if event else 6, every),
        Field("until", "&Last day", "date", optional=True, hint="as now"),
        *why_fields(),
    )


def rescue(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the rescue given so from that hour on, in the place of what is drawn."""
    event = place.event
    if event is None or event.placed.role != "rescue":
        raise Refusal("{what} is no rescue; select a dose of leucovorin, for example", "no rescue", what=place.drug)
    told = told_of(answers)
    wish = Otherwise(
        place.block.id,
        place.cycle,
        place.order,
        answers["on"],
        answers["hour"],
        answers["dose"],
        answers["every"],
        Why(told["reason"], told["note"], told["grade"]),
        until=answers["until"],
        day_starts=place.day_starts,
    )
    return give_otherwise(plan, place.evaluated.schedule, place.agents, wish)


def rescue_doubts(place: Place, answers: Answers) -> tuple[str, ...]:
    """Of a dose that no protocol at hand comes near and no rule asks for."""
    if place.event is None:
        return ()
    placed = place.event.placed
    typed = TypedDose(agent_placed(place.agents, placed), placed.route, answers["dose"], 24 // answers["every"])
    doubt = dose_doubt(typed, place.protocols, place.evaluated.plan.patient, say, rules=place.rules)
    return (say("{doubt}. Is it meant so?", doubt=doubt),) if doubt else ()
