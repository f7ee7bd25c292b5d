"""Every action of the window as data: id, words, keys, menu, need. Menus, keys and palette are made from it."""

from enum import StrEnum
from typing import NamedTuple


class Need(StrEnum):
    """What must be there before an action makes sense."""

    NOTHING = "nothing"
    PLAN = "an open plan"
    BLOCKS = "a plan with a protocol"
    BLOCK = "a selected block, cycle or item"
    DOSE = "a selected dose"
    DECISION = "a plan with a decision"
    OPEN_FINDING = "a selected open finding"
    FINDINGS = "a plan with findings"
    UNDO = "an edit to undo"
    REDO = "an undone edit"


class ActionSpec(NamedTuple):
    """One action. `keys` are Qt key texts, several separated by "; "; `icon` puts it on the toolbar."""

    id: str
    text: str
    keys: str
    menu: str
    need: Need = Need.NOTHING
    tip: str = ""
    icon: str = ""


MENUS = ("&Plan", "&Edit", "&View", "&Help")

ACTIONS = (
    ActionSpec(
        "new_patient", "&New patient…", "Ctrl+N", "&Plan", tip="A new patient and a plan for them", icon="person"
    ),
    ActionSpec("new_plan", "New plan &for this patient", "Ctrl+Shift+N", "&Plan", Need.PLAN),
    ActionSpec(
        "edit_patient", "&Edit patient…", "Ctrl+E", "&Plan", Need.PLAN, "Measurements, markers, other medicines"
    ),
    ActionSpec("add_protocol", "&Add protocol…", "Ctrl+K", "&Plan", Need.PLAN, "Place a protocol on the plan", "plus"),
    ActionSpec("print", "&Print…", "Ctrl+P", "&Plan", Need.BLOCKS, "Look at a sheet, save it as PDF", "print"),
    ActionSpec("quit", "&Quit", "Ctrl+Q", "&Plan"),
    ActionSpec("undo", "&Undo", "Ctrl+Z", "&Edit", Need.UNDO, icon="undo"),
    ActionSpec("redo", "&Redo", "Ctrl+Y; Ctrl+Shift+Z", "&Edit", Need.REDO, icon="redo"),
    ActionSpec("move", "&Move block…", "F2", "&Edit", Need.BLOCK, "Give the block another first day", "move"),
    ActionSpec("later_day", "Block a day later", "Alt+Right", "&Edit", Need.BLOCK),
    ActionSpec("earlier_day", "Block a day earlier", "Alt+Left", "&Edit", Need.BLOCK),
    ActionSpec("later_week", "Block a week later", "Alt+Shift+Right", "&Edit", Need.BLOCK),
    ActionSpec("earlier_week", "Block a week earlier", "Alt+Shift+Left", "&Edit", Need.BLOCK),
    ActionSpec("defer", "&Defer…", "Ctrl+D", "&Edit", Need.BLOCK, "Move dates from a day on, with a reason"),
    ActionSpec("omit", "&Leave out…", "Del", "&Edit", Need.DOSE, "Leave out doses of a day, with a reason"),
    ActionSpec("decide", "De&cide…", "Ctrl+Shift+D", "&Edit", Need.DECISION, "Record the answer to a decision"),
    ActionSpec("acknowledge", "Let finding &stand…", "Ctrl+Shift+L", "&Edit", Need.OPEN_FINDING),
    ActionSpec("remove", "Remove &block", "Ctrl+Del", "&Edit", Need.BLOCK),
    ActionSpec("find_plan", "&Find a patient", "Ctrl+F", "&View"),
    ActionSpec("find_protocol", "Find a p&rotocol", "Ctrl+Shift+F", "&View"),
    ActionSpec("timeline", "&Timeline", "Ctrl+0", "&View"),
    ActionSpec("findings", "F&indings", "Ctrl+1", "&View"),
    ActionSpec("table", "T&able of the schedule", "Ctrl+2", "&View"),
    ActionSpec("history", "&History of edits", "Ctrl+3", "&View"),
    ActionSpec("next_finding", "&Next finding", "F8", "&View", Need.FINDINGS),
    ActionSpec("previous_finding", "&Previous finding", "Shift+F8", "&View", Need.FINDINGS),
    ActionSpec("theme", "Light or &dark", "Ctrl+Shift+T", "&View", icon="theme"),
    ActionSpec("reset_layout", "Reset the &layout", "", "&View"),
    ActionSpec("palette", "&All actions…", "Ctrl+Shift+P", "&Help", tip="Find any action by its words"),
    ActionSpec("about", "&What this program claims", "F1", "&Help"),
)


def plain_text(spec: ActionSpec) -> str:
    """The words without the mark of the access key."""
    return spec.text.replace("&", "")
