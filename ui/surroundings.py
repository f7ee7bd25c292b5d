"""What the window takes from outside: clock, new ids, saved plans, sheets. The desk hands it over."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Plan
from planner.model.revision import PlanSummary, Revision
from planner.model.store import StoreKey
from planner.model.wish import Wish
from planner.settings import Settings
from ui.theme import Theme

if TYPE_CHECKING:
    from planner.model.counter import Totals
    from ui.vault import Vault

MakeSheet = Callable[[EvaluatedPlan, str, str, Wish, EvaluatedPlan | None, tuple[str, ...]], bytes]
"""Plan, kind of sheet, paper, span of days, the plan to mark changes against, ids of the patient's other plans -> PDF;
runs beside the window."""
LISTED = 200
"""Plans that a list shows at once."""


class Surroundings(Struct):
    """Clock, new ids, patients already known, theme, and the person's name.

    `who` is the one part that changes: the name given last is offered next time. In the window of the `demo` every
    plan that is made is marked as one.
    """

    today: Callable[[], date]
    now: Callable[[], str]
    new_id: Callable[[], str]
    all_plans: Callable[[], Sequence[PlanSummary]]
    theme: Callable[[], Theme]
    who: str = ""
    demo: bool = False


class KeepState(Protocol):
    """Remembers the window as it stands; `closing` where the program ends as it should."""

    def __call__(self, *, closing: bool = False) -> None: ...


Opened = tuple[Plan, int]
"""A plan with the number of the revision it was read from."""


class Doors(Struct, frozen=True):
    """What the window can ask for.

    `sheets` are kinds with their titles, `languages` what sheets for patients are written in. `clock` gives the time of
    day as text, `toggle_theme` goes on to the next theme, `keep_state` remembers the window as it stands. `vault` gives
    the store itself, `lock` hides everything until somebody opens it again. `history` are the saved states of a plan,
    `load_revision` one of them; `go_back` makes it the newest again, with what was known of the patient then or not.
    `rest` gives back memory that only makes edits quicker.
    `is_behind` tells whether the store holds a newer state of the open plan than the window.
    """

    list_plans: Callable[[str], tuple[PlanSummary, ...]]
    find_plans: Callable[[str], tuple[PlanSummary, ...]]
    load_plan: Callable[[str], Opened]
    load_demo: Callable[[], Opened]
    history: Callable[[str], tuple[Revision, ...]]
    load_revision: Callable[[str, int | None], Plan]
    go_back: Callable[[str, int, bool], Opened]
    count: Callable[[EvaluatedPlan, Library], "Totals"]
    make_sheet: MakeSheet
    is_behind: Callable[[Plan], bool]
    sheets: Mapping[str, str]
    languages: Callable[[], tuple[str, ...]]
    settings: Callable[[], Settings]
    use_settings: Callable[[Settings], None]
    clock: Callable[[], str]
    toggle_theme: Callable[[], None]
    keep_state: KeepState
    rest: Callable[[], None]
    vault: Callable[[], "Vault"]
    lock: Callable[[], None]
    version: str


class Entry(Struct, frozen=True):
    """What is known at the door: the folder of the data, the settings in it, the key of the store where it was asked
    for, whether the demo is wanted."""

    folder: Path
    settings: Settings
    key: StoreKey | None = None
    demo: bool = False
