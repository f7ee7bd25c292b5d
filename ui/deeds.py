"""What each action of the table does."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from ui.document import PlanDocument
from ui.furniture import Furniture
from ui.intents.wishes import Wishes
from ui.rooms import Rooms
from ui.surroundings import Doors
from ui.theme import Theme
from ui.timeline.view import TimelineView
from ui.workers import Workers


class Reach(NamedTuple):
    """All that a deed may take hold of."""

    document: PlanDocument
    doors: Doors
    wishes: Wishes
    furniture: Furniture
    timeline: TimelineView
    rooms: Rooms
    workers: Workers
    set_theme: Callable[[Theme], None]
    close: Callable[[], object]


def deeds_of(reach: Reach) -> dict[str, Callable[[], object]]:
    """One deed for each id of the action table."""
    doors, stack, furniture = reach.doors, reach.document.stack, reach.furniture
    bottom = furniture.bottom
    courses, changes, reading = reach.wishes.courses, reach.wishes.changes, reach.wishes.reading
    return {
        "new_patient": courses.new_patient,
        "new_plan": courses.new_plan,
        "edit_patient": courses.edit_patient,
        "add_protocol": courses.add_protocol,
        "print": lambda: reading.print_sheets(doors.make_sheet, doors.sheets, doors.paper, reach.workers),
        "quit": reach.close,
        "undo": stack.undo,
        "redo": stack.redo,
        "move": changes.move,
        "later_day": partial(changes.nudge, 1),
        "earlier_day": partial(changes.nudge, -1),
        "later_week": partial(changes.nudge, 7),
        "earlier_week": partial(changes.nudge, -7),
        "defer": changes.defer,
        "omit": changes.omit,
        "decide": changes.decide,
        "acknowledge": changes.acknowledge,
        "remove": changes.remove,
        "find_plan": furniture.plans.start_search,
        "find_protocol": furniture.catalogue.start_search,
        "timeline": reach.timeline.setFocus,
        "findings": partial(bottom.go_to, bottom.findings),
        "table": partial(bottom.go_to, bottom.schedule),
        "history": partial(bottom.go_to, bottom.history),
        "next_finding": partial(bottom.next_finding, 1),
        "previous_finding": partial(bottom.next_finding, -1),
        "theme": lambda: reach.set_theme(doors.toggle_theme()),
        "reset_layout": reach.rooms.reset,
        "palette": lambda: reading.find_action(furniture.actions.all()),
        "about": lambda: reading.show_claims(doors.version),
    }
