"""What asks for a drug or an examination that is added to a block."""

from planner.model.plan import Addition, Examination, Plan
from planner.model.protocol import ROLES, ROUTES, TOPICS
from planner.services.verbs import drugs, examining, redosing
from planner.services.verbs.timing import at_hour
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import told_of, why_fields
from ui.dialogs.verb_place import HOURS, Place
from ui.tongue import say


def agent_field(place: Place) -> Field:
    """Asks for a drug by one of its names."""
    names = [(one.id, one.name) for one in place.agents.values()]
    names += [(one.id, f"{other} ({one.name})") for one in place.agents.values() for other in one.synonyms]
    return Field("agent", "&Drug", "pick", None, sorted(names, key=lambda pair: pair[1].casefold()), hint="type a name")


def add_fields(place: Place) -> tuple[Field, ...]:
    """The drug, its dose and route, and its days. Route and role are said by a person: a wrong one would be a fact."""
    roles = [(role, role) for role in ROLES if role not in ("assessment", "procedure")]
    return (
        agent_field(place),
        Field("dose", "Do&se", "dose", optional=True, hint="4 mg or 1.4 mg/m2; empty: to be entered later"),
        Field("route", "Ro&ute", "choice", None, [(route, route) for route in ROUTES], stand_in="PO"),
        Field("role", "Ro&le", "choice", None, roles, stand_in="supportive"),
        *_days_fields(place),
        Field("times", "&Times a day", "whole", 1, least=1, most=redosing.MOST_DOSES_A_DAY),
        Field("hour", "&At", "pick", None, HOURS, optional=True, hint="of one dose, where its hour matters: 18:00"),
        *why_fields(),
    )


def _days_fields(place: Place) -> tuple[Field, ...]:
    """On which days of which cycles something new stands."""
    only = ((one.number, say("only C{cycle}", cycle=one.number)) for one in place.block.cycles)
    return (
        Field("days", "Da&ys of the cycle", value=str(place.day), hint="1, 8, 15 or 1:5"),
        Field("cycle", "&Cycles", "choice", place.cycle, (*only, (0, "every cycle"))),
    )


def _new_name(place: Place, wanted: str) -> str:
    taken = {event.placed.order.id for event in place.evaluated.schedule.events}
    return next(one for number in range(1, 999) if (one := f"{wanted}-added-{number}") not in taken)


def add(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the drug added."""
    schedule = place.evaluated.schedule
    made = Addition(
        place.block.id, answers["cycle"], _new_name(place, answers["agent"]), answers["agent"],
        answers["role"], answers["route"],
        drugs.read_days(schedule, place.block.id, answers["days"]),
        dose=answers["dose"], doses_per_day=answers["times"], **told_of(answers),
    )  # fmt: skip
    if answers["hour"] is not None:
        made = at_hour(schedule, made, answers["hour"])
    return redosing.add_order(plan, schedule, place.agents, made)


def added_words(place: Place, answers: Answers) -> str:
    """What is added, with its dose and days, as the name of the edit tells it."""
    agent, cycle = place.agents.get(answers.get("agent", "")), answers["cycle"]
    what = f"{agent.name} {answers['dose']}".strip() if agent else answers.get("title", "")
    return f"{what}, C{cycle} D{answers['days']}" if cycle else f"{what}, D{answers['days']}"


def examine_fields(place: Place) -> tuple[Field, ...]:
    """The examination and its days."""
    topics = [(topic, topic or "not said") for topic in TOPICS]
    return (
        Field("title", "&Examination", hint="Liver tests"),
        Field("topic", "&Topic", "choice", "", topics),
        *_days_fields(place),
        *why_fields(),
    )


def examine(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the examination added."""
    schedule = place.evaluated.schedule
    made = Examination(
        place.block.id, answers["cycle"], _new_name(place, answers["topic"] or "examination"), answers["title"],
        drugs.read_days(schedule, place.block.id, answers["days"]), topic=answers["topic"], **told_of(answers),
    )  # fmt: skip
    return examining.add_examination(plan, schedule, made)
