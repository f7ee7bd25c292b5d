"""What each action of the table does."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QApplication, QWidget

from planner.model.release import PREPARED, VERIFIED
from ui.document import PlanDocument
from ui.furniture import Furniture
from ui.intents.wishes import Wishes
from ui.rooms import Rooms
from ui.surroundings import Doors
from ui.timeline.view import TimelineView
from ui.workers import Workers

if TYPE_CHECKING:
    from planner.model.schedule import Event
    from ui.calendar.view import CalendarView

PAGE = 28
"""Days that the calendar goes on by with the keys that turn a page of the timeline."""


class Reach(NamedTuple):
    """All that a deed may take hold of."""

    document: PlanDocument
    doors: Doors
    wishes: Wishes
    furniture: Furniture
    timeline: TimelineView
    rooms: Rooms
    workers: Workers
    show_as: Callable[[bool], None]
    close: Callable[[], object]


def deeds_of(reach: Reach) -> dict[str, Callable[[], object]]:
    """One deed for each id of the action table."""
    doors, stack, furniture = reach.doors, reach.document.stack, reach.furniture
    from ui.dialogs.verbs import VERBS

    courses, changes, reading = reach.wishes.courses, reach.wishes.changes, reach.wishes.reading
    clinic, verbs, releasing = reach.wishes.clinic, reach.wishes.verbs, reach.wishes.releasing
    return {
        "new_patient": courses.new_patient,
        "new_plan": courses.new_plan,
        "open_demo": lambda: courses.open_demo(doors),
        "edit_patient": courses.edit_patient,
        "add_protocol": courses.add_protocol,
        "print": lambda: reading.print_sheets(doors, reach.workers),
        "print_many": lambda: reading.print_many(doors, reach.workers),
        "quit": reach.close,
        "undo": stack.undo,
        "redo": stack.redo,
        **_one_or_several(reach),
        "defer": changes.defer,
        "decide": changes.decide,
        "reopen": verbs.reopen,
        "branches": changes.show_branches,
        **_mending(reach),
        **_looking(reach),
        "bags": verbs.bags,
        **{name: partial(verbs.verb, name) for name in VERBS},
        "given": partial(_give, reach),
        "forget_given": verbs.forget_given,
        "take_back": verbs.take_back,
        "confirm": releasing.confirm,
        "sign_prepared": partial(releasing.sign, PREPARED),
        "sign_verified": partial(releasing.sign, VERIFIED),
        "plan_history": lambda: reading.show_history(doors),
        "settings": lambda: clinic.settings(doors),
        "shortcuts": lambda: clinic.show_shortcuts(furniture.actions.all()),
        "read_protocol": lambda: clinic.show_protocol(furniture.catalogue.row()),
        "compare_plan": reach.wishes.comparing.with_protocol,
        "compare_protocol": lambda: reach.wishes.comparing.protocols(furniture.catalogue.row()),
        **_views(reach),
        **_keeping(reach),
        "theme": doors.toggle_theme,
        "inspector": reach.rooms.switch_inspector,
        "reset_layout": reach.rooms.reset,
        "palette": lambda: reading.find_action(furniture.actions.all()),
        "help": lambda: reach.wishes.helping.show_help(_part_in_hand(reach), furniture.catalogue.row()),
        "about": lambda: reading.show_claims(doors.version),
    }


def _mending(reach: Reach) -> dict[str, Callable[[], object]]:
    """What is done about findings and days that do not go."""
    changes = reach.wishes.changes
    return {
        "fix": partial(changes.fix, partial(_enter_dose, reach)),
        "repair": changes.repair,
        "clear_closed": changes.clear_closed,
        "acknowledge": changes.acknowledge,
    }


def _enter_dose(reach: Reach, event: "Event") -> None:
    """Go to that event and ask for its dose."""
    from ui.models.subject import bar_of_event

    if evaluated := reach.document.evaluated:
        reach.wishes.placed.emit(bar_of_event(evaluated.timeline, event))
        reach.wishes.verbs.verb("enter_dose")


def _keeping(reach: Reach) -> dict[str, Callable[[], object]]:
    """What is asked about the store as a whole."""
    store, doors, workers = reach.wishes.store, reach.doors, reach.workers
    return {
        "back_up": partial(store.back_up, doors, workers),
        "backups": partial(store.show_backups, doors, workers),
        "trail": partial(store.show_trail, doors, workers),
        "save_plan": partial(reach.wishes.files.save_plan, doors),
        "take_in": partial(reach.wishes.files.take_in, doors, workers),
        "delete_plan": partial(store.delete_plan, doors),
        "deleted": partial(store.show_deleted, doors),
        "erase": partial(store.erase, doors, workers),
        "protect": partial(store.protect, doors, workers),
        "lock": doors.lock,
    }


def _one_or_several(reach: Reach) -> dict[str, Callable[[], object]]:
    """What is done to the selected thing, or to all of them where several are selected."""
    one, all_of_them = reach.wishes.changes, reach.wishes.together

    def either(single: Callable[[], object], several: Callable[[], object]) -> Callable[[], object]:
        return lambda: several() if all_of_them.is_meant else single()

    steps = {"later_day": 1, "earlier_day": -1, "later_week": 7, "earlier_week": -7}
    return {
        "move": either(one.move, all_of_them.move),
        **{
            action: either(partial(one.nudge, days), partial(all_of_them.nudge, days)) for action, days in steps.items()
        },
        "omit": either(one.omit, all_of_them.omit),
        "remove": either(one.remove, all_of_them.remove),
        "pick_cycle": reach.timeline.pick_cycle,
        "pick_all": reach.timeline.pick_all,
    }


def _give(reach: Reach) -> None:
    """Record what became of the selected dose, or that several, or those of a block, were given as planned."""
    wishes = reach.wishes
    if wishes.together.is_meant or wishes.together.is_whole:
        wishes.together.give()
    else:
        wishes.verbs.verb("given")


def _views(reach: Reach) -> dict[str, Callable[[], object]]:
    """Which days are in sight: in the calendar where that is shown; what is the timeline's alone brings it back."""
    timeline, furniture = reach.timeline, reach.furniture
    spans = {"span_week": "1 week", "span_cycle": "1 cycle", "span_quarter": "3 months", "span_year": "1 year"}

    def on_timeline(deed: Callable[[], object]) -> Callable[[], object]:
        return lambda: (reach.show_as(False), deed())  # noqa: FBT003 - not a calendar

    def either(weeks: Callable[["CalendarView"], object], days: Callable[[], object]) -> Callable[[], object]:
        return lambda: weeks(furniture.calendar) if furniture.is_calendar else days()

    return {
        **{action: on_timeline(partial(timeline.show_span, span)) for action, span in spans.items()},
        "fit_all": on_timeline(timeline.fit_all),
        "today": either(lambda weeks: weeks.go_to(weeks.today, ahead=True), partial(_go_to_today, reach)),
        "page_back": either(lambda weeks: weeks.go_to(weeks.day - PAGE), partial(timeline.turn_page, -1)),
        "page_on": either(lambda weeks: weeks.go_to(weeks.day + PAGE), partial(timeline.turn_page, 1)),
        "axis": on_timeline(timeline.switch_axis),
        "fold_lanes": on_timeline(timeline.switch_folds),
    }


def _go_to_today(reach: Reach) -> None:
    """The lanes, and the rows of the table where that is in front."""
    reach.timeline.go_to_today()
    reach.furniture.bottom.bring_today()


def _looking(reach: Reach) -> dict[str, Callable[[], object]]:
    """What brings something to the front."""
    furniture, bottom = reach.furniture, reach.furniture.bottom
    return {
        "find_plan": furniture.plans.start_search,
        "find_protocol": furniture.catalogue.start_search,
        "timeline": partial(reach.show_as, False),  # noqa: FBT003 - not a calendar
        "calendar": partial(reach.show_as, True),  # noqa: FBT003
        "findings": partial(bottom.go_to, bottom.findings),
        "table": partial(bottom.go_to, bottom.schedule),
        "counters": partial(bottom.go_to, bottom.counters),
        "history": partial(bottom.go_to, bottom.history),
        "next_finding": lambda: bottom.next_finding(1, reach.timeline.cursor_day),
        "previous_finding": lambda: bottom.next_finding(-1, reach.timeline.cursor_day),
    }


def _part_in_hand(reach: Reach) -> str:
    """The part of the window that has the keys, by its name in the help."""
    focus, furniture, bottom = QApplication.focusWidget(), reach.furniture, reach.furniture.bottom
    parts: dict[str, QWidget | None] = {
        "patients": furniture.plans,
        "protocols": furniture.catalogue,
        "findings": bottom.findings,
        "table": bottom.schedule,
        "counters": bottom.counters,
        "history": bottom.history,
        "inspector": furniture.inspector,
        "calendar": furniture.calendar if furniture.is_calendar else None,
        "timeline": reach.timeline,
    }
    for name, widget in parts.items():
        if focus is not None and widget is not None and (widget is focus or widget.isAncestorOf(focus)):
            return name
    return "timeline"
