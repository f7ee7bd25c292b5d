"""What the window takes from outside: clock, new ids, saved plans, sheets. The desk hands it over."""

from collections.abc import Callable, Mapping
from datetime import date

from msgspec import Struct

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.revision import PlanSummary
from ui.theme import Theme

MakeSheet = Callable[[EvaluatedPlan, str, str], bytes]
"""Evaluated plan, kind of sheet, paper -> PDF; runs beside the window."""


class Surroundings(Struct):
    """Clock, new ids, patients already known, theme, and the person's name.

    `who` is the one part that changes: the name given last is offered next time.
    """

    today: Callable[[], date]
    now: Callable[[], str]
    new_id: Callable[[], str]
    known_patients: Callable[[], frozenset[str]]
    theme: Callable[[], Theme]
    who: str = ""


class Doors(Struct, frozen=True):
    """What the window can ask for.

    `sheets` are kinds with their titles, `clock` gives the time of day as text, `toggle_theme` changes between light
    and dark and gives the new one, `keep_state` is told the id of the open plan when the window closes.
    """

    list_plans: Callable[[str], tuple[PlanSummary, ...]]
    load_plan: Callable[[str], Plan]
    make_sheet: MakeSheet
    sheets: Mapping[str, str]
    paper: str
    clock: Callable[[], str]
    toggle_theme: Callable[[], Theme]
    keep_state: Callable[[str], None]
    version: str
