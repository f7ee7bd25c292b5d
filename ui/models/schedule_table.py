"""The schedule as a table: one row an event, the accessible twin of the painted timeline."""

from planner.model.civil import clock
from planner.model.cycle_content import ComputedDose
from planner.model.schedule import Event, number_of_day
from ui.models.rows_model import Column
from ui.plan_words import event_name, plan_words
from ui.tongue import amount_words, say, weekday_date

EventKey = tuple[str, int, int, int, int]


def event_key(event: Event) -> EventKey:
    """What names an event over evaluations: its order, its place in the day, the day the protocol gives it."""
    return (event.placed.id, event.cycle_day, event.sequence, event.minute, number_of_day(event))


def dose_text(dose: ComputedDose | None) -> str:
    """The final single dose, or that a person has to enter it."""
    if dose is None:
        return ""
    return amount_words(dose.value, dose.unit) if dose.value is not None else say("dose to enter")


def _date(event: Event) -> str:
    return weekday_date(event.day)


def _end(event: Event) -> str:
    if event.end_day < 0:
        return ""
    return f"{weekday_date(event.end_day)} {clock(event.end_minute)}".rstrip()


def _place(event: Event) -> str:
    return f"C{event.placed.cycle} D{event.cycle_day}"


def _protocol_dose(event: Event) -> str:
    return event.dose.protocol_dose if event.dose else ""


def _note(event: Event) -> str:
    missing = event.dose.missing if event.dose else ""
    told = (plan_words(missing), *map(plan_words, event.notes), event.placed.note)
    return "; ".join(text for text in dict.fromkeys(told) if text)


def _name(event: Event) -> str:
    return event_name(event.placed.agent_name)


SCHEDULE_COLUMNS = (
    Column("Date", _date),
    Column("Time", lambda event: clock(event.minute)),
    Column("What", _name, tip=_name),
    Column("Dose", lambda event: dose_text(event.dose), figures=True, tip=_note),
    Column("Route", lambda event: event.placed.route),
    Column("Day", _place),
    Column("Block", lambda event: event.placed.block.title, tip=lambda event: event.placed.block.title),
    Column("Status", lambda event: say(event.state.value)),
    Column("Role", lambda event: say(event.placed.role)),
    Column("Protocol dose", _protocol_dose, figures=True),
    Column("Ends", _end),
    Column("Evidence", lambda event: say(event.placed.evidence.value)),
    Column("Note", _note, tip=_note),
)
