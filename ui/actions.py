"""Every action of the window as data: id, words, keys, menu, need. Menus, keys and palette are made from it."""

from enum import StrEnum
from typing import NamedTuple

from ui.tongue import say


class Need(StrEnum):
    """What must be there before an action makes sense."""

    NOTHING = "nothing"
    PLAN = "an open plan"
    BLOCKS = "a plan with a protocol"
    BLOCK = "a selected block, cycle or item"
    DOSE = "a selected dose"
    RESCUE = "a selected dose of a rescue"
    DECISION = "a plan with a decision"
    OPEN_FINDING = "a selected open finding"
    FINDINGS = "a plan with findings"
    UNDO = "an edit to undo"
    REDO = "an undone edit"
    ONE = "no more than one selected thing"


class ActionSpec(NamedTuple):
    """One action. `keys` are Qt key texts, several separated by "; "; `icon` is drawn before it."""

    id: str
    text: str
    keys: str
    menu: str
    need: Need = Need.NOTHING
    tip: str = ""
    icon: str = ""
    several: bool = False
    """Whether it works on several selected things as well."""


MENUS = ("&Plan", "&Edit", "&Treatment", "&View", "&Store", "&Help")

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
    ActionSpec("print_many", "Print se&veral…", "", "&Plan", tip="Several sheets of several plans, saved as PDF"),
    ActionSpec("confirm", "&Confirm an open item…", "", "&Plan", Need.BLOCKS, "You checked an unverified value"),
    ActionSpec("sign_prepared", "Sign as p&repared…", "", "&Plan", Need.BLOCKS),
    ActionSpec("sign_verified", "Sign as verifie&d…", "", "&Plan", Need.BLOCKS),
    ActionSpec(
        "plan_history",
        "&History of this plan…",
        "Ctrl+H",
        "&Plan",
        Need.PLAN,
        "Saved states, what changed, the way back",
    ),
    ActionSpec("settings", "&Settings…", "Ctrl+,", "&Plan", tip="Name, clinic, paper, units, week, colours, language"),
    ActionSpec("quit", "&Quit", "Ctrl+Q", "&Plan"),
    ActionSpec("undo", "&Undo", "Ctrl+Z", "&Edit", Need.UNDO, icon="undo"),
    ActionSpec("redo", "&Redo", "Ctrl+Y; Ctrl+Shift+Z", "&Edit", Need.REDO, icon="redo"),
    ActionSpec(
        "move", "&Move block…", "F2", "&Edit", Need.BLOCK, "Give the block another first day", "move", several=True
    ),
    ActionSpec("later_day", "Block a day later", "Alt+Right", "&Edit", Need.BLOCK, several=True),
    ActionSpec("earlier_day", "Block a day earlier", "Alt+Left", "&Edit", Need.BLOCK, several=True),
    ActionSpec("later_week", "Block a week later", "Alt+Shift+Right", "&Edit", Need.BLOCK, several=True),
    ActionSpec("earlier_week", "Block a week earlier", "Alt+Shift+Left", "&Edit", Need.BLOCK, several=True),
    ActionSpec("pick_cycle", "Select the whole c&ycle", "Ctrl+Shift+A", "&Edit", Need.BLOCK, several=True),
    ActionSpec("pick_all", "Select &all", "Ctrl+A", "&Edit", Need.BLOCKS, "Everything in the lanes"),
    ActionSpec("defer", "&Defer…", "Ctrl+D", "&Edit", Need.BLOCK, "Move dates from a day on, with a reason"),
    ActionSpec(
        "omit", "&Leave out…", "Del", "&Edit", Need.DOSE, "Leave out doses of a day, with a reason", several=True
    ),
    ActionSpec("decide", "De&cide…", "Ctrl+Shift+D", "&Edit", Need.DECISION, "Record the answer to a decision"),
    ActionSpec("reopen", "&Open a decision again…", "", "&Edit", Need.DECISION, "The answer no longer holds"),
    ActionSpec("branches", "Ans&wers side by side…", "Ctrl+Shift+B", "&Edit", Need.DECISION, "Under each answer"),
    ActionSpec("fix", "Fi&x finding…", "Ctrl+.", "&Edit", Need.OPEN_FINDING, "Changes that end the finding"),
    ActionSpec("repair", "Repair hard intervals…", "", "&Edit", Need.BLOCKS, "Move blocks as little as possible"),
    ActionSpec("clear_closed", "Move o&ff closed days…", "", "&Edit", Need.BLOCKS, "Weekends, public holidays"),
    ActionSpec("bags", "Plan &bags…", "Ctrl+B", "&Edit", Need.BLOCK, "Cut continuous infusions into bags"),
    ActionSpec("acknowledge", "Let finding &stand…", "Ctrl+Shift+L", "&Edit", Need.OPEN_FINDING),
    ActionSpec("remove", "Remove bloc&k…", "Ctrl+Del", "&Edit", Need.BLOCK, several=True),
    ActionSpec(
        "given", "&Record what was given…", "Ctrl+G", "&Treatment", Need.BLOCK, "Date, dose, and why not", several=True
    ),
    ActionSpec("forget_given", "Forget that record", "", "&Treatment", Need.DOSE),
    ActionSpec("reduce", "Re&duce the dose…", "Ctrl+R", "&Treatment", Need.DOSE),
    ActionSpec("full_dose", "&Full dose again…", "", "&Treatment", Need.DOSE),
    ActionSpec("enter_dose", "&Enter a dose…", "", "&Treatment", Need.DOSE, "Where no source gives one"),
    ActionSpec("rescue", "Give the resc&ue otherwise…", "", "&Treatment", Need.RESCUE, "Dose and hours, by the level"),
    ActionSpec("replace", "Re&place the drug…", "", "&Treatment", Need.DOSE),
    ActionSpec("add_order", "&Add a drug…", "", "&Treatment", Need.BLOCK),
    ActionSpec("add_examination", "Add an e&xamination…", "", "&Treatment", Need.BLOCK),
    ActionSpec("hold", "&Hold…", "", "&Treatment", Need.BLOCK, "Pause; nobody knows yet until when"),
    ActionSpec("resume", "&Go on…", "", "&Treatment", Need.BLOCK, "With what is held"),
    ActionSpec("skip", "S&kip the cycle…", "", "&Treatment", Need.BLOCK),
    ActionSpec("repeat", "Repeat the c&ycle…", "", "&Treatment", Need.BLOCK),
    ActionSpec("stop", "&Stop…", "", "&Treatment", Need.BLOCK),
    ActionSpec("hang", "&What the block starts after…", "", "&Treatment", Need.BLOCK),
    ActionSpec("take_back", "&Take a change back…", "", "&Treatment", Need.BLOCKS),
    ActionSpec("find_plan", "&Find a patient", "Ctrl+F", "&View"),
    ActionSpec("find_protocol", "Find a p&rotocol", "Ctrl+Shift+F", "&View"),
    ActionSpec("timeline", "&Timeline", "Ctrl+0", "&View"),
    ActionSpec("calendar", "&Calendar of weeks", "Ctrl+4", "&View", Need.BLOCKS, "The same plan as weeks"),
    ActionSpec("findings", "F&indings", "Ctrl+1", "&View"),
    ActionSpec("table", "T&able of the schedule", "Ctrl+2", "&View"),
    ActionSpec("counters", "Co&unters", "Ctrl+5", "&View", Need.PLAN, "What the course adds up to"),
    ActionSpec("history", "&History of edits", "Ctrl+3", "&View"),
    ActionSpec("next_finding", "&Next finding", "F8", "&View", Need.FINDINGS),
    ActionSpec("previous_finding", "&Previous finding", "Shift+F8", "&View", Need.FINDINGS),
    ActionSpec("fit_all", "&Whole course", "Ctrl+Shift+0", "&View", Need.BLOCKS),
    ActionSpec("span_week", "One week", "Ctrl+Shift+1", "&View", Need.BLOCKS),
    ActionSpec("span_cycle", "One cycle (4 weeks)", "Ctrl+Shift+2", "&View", Need.BLOCKS),
    ActionSpec("span_quarter", "Three months", "Ctrl+Shift+3", "&View", Need.BLOCKS),
    ActionSpec("span_year", "One year", "Ctrl+Shift+4", "&View", Need.BLOCKS),
    ActionSpec("today", "Go to toda&y", "Ctrl+T", "&View", Need.BLOCKS),
    ActionSpec("page_back", "Earlier days", "Ctrl+PgUp", "&View", Need.BLOCKS),
    ActionSpec("page_on", "Later days", "Ctrl+PgDown", "&View", Need.BLOCKS),
    ActionSpec(
        "axis", "Date&s or day numbers", "Ctrl+Shift+X", "&View", Need.BLOCKS, "The blocks' own days on the axis"
    ),
    ActionSpec(
        "fold_lanes",
        "Fold or show lanes without entries in view",
        "Ctrl+Shift+E",
        "&View",
        Need.BLOCKS,
        "Where the lanes of a plan do not all have room",
    ),
    ActionSpec("read_protocol", "Read the prot&ocol…", "Ctrl+Shift+R", "&View", tip="The chosen protocol as a page"),
    ActionSpec(
        "compare_plan",
        "Co&mpare with the protocol…",
        "Ctrl+Shift+M",
        "&View",
        Need.BLOCKS,
        "What was changed, item by item",
    ),
    ActionSpec(
        "compare_protocol", "Compare two protocols…", "", "&View", tip="Two protocols or versions, line by line"
    ),
    ActionSpec("theme", "Light, &dark or high contrast", "Ctrl+Shift+T", "&View", icon="theme"),
    ActionSpec("inspector", "Show or hide the inspector", "Ctrl+Shift+I", "&View", tip="Hidden, it leaves its room"),
    ActionSpec("reset_layout", "Reset the &layout", "", "&View"),
    ActionSpec("back_up", "&Back up now", "", "&Store", tip="Copy all plans and read the copy again"),
    ActionSpec("backups", "Back&ups…", "", "&Store", tip="What was backed up, and the way to put it back"),
    ActionSpec("trail", "&Audit trail…", "", "&Store", tip="Everything that was done, compared and exported"),
    ActionSpec(
        "save_plan", "Save the plan as a &file…", "", "&Store", Need.PLAN, "To hand it over or keep it elsewhere"
    ),
    ActionSpec(
        "take_in",
        "&Take in plans or patients…",
        "",
        "&Store",
        tip="Plan files, or a list of patients (.csv); what is there already stays as it is",
    ),
    ActionSpec("delete_plan", "&Delete this plan…", "", "&Store", Need.PLAN, "With a reason; it can be taken back"),
    ActionSpec("deleted", "De&leted plans…", "", "&Store", tip="Take one back"),
    ActionSpec("erase", "&Erase this patient…", "", "&Store", Need.PLAN, "For good, from the backups too"),
    ActionSpec("protect", "&Protection and passphrase…", "", "&Store"),
    ActionSpec("lock", "Lo&ck now", "Ctrl+L", "&Store", tip="Hide everything until the passphrase is given"),
    ActionSpec("palette", "&All actions…", "Ctrl+Shift+P", "&Help", tip="Find any action by its words", icon="find"),
    ActionSpec("shortcuts", "&Keys and pointer…", "Shift+F1", "&Help"),
    ActionSpec("help", "&Help on what has the focus", "F1", "&Help", tip="The rule, the protocol, or how it is used"),
    ActionSpec("open_demo", "Open the &demo patient", "", "&Help", tip="Invented, and marked DEMO wherever it shows"),
    ActionSpec("about", "&What this program claims", "", "&Help"),
)

LINES = frozenset(
    {
        *("print", "confirm", "plan_history", "settings", "quit"),
        *("move", "pick_cycle", "defer", "decide", "fix", "remove"),
        *("reduce", "add_order", "hold", "hang"),
        *("timeline", "next_finding", "fit_all", "axis", "read_protocol", "theme"),
        *("save_plan", "delete_plan", "protect"),
        "open_demo",
    }
)
"""Actions before which a line parts their menu."""

ALSO = {
    "hold": "pause interrupt interruption suspend",
    "resume": "continue restart",
    "stop": "discontinue end",
    "defer": "delay postpone put off",
    "move": "reschedule date",
    "omit": "omit cancel drop left",
    "given": "administered actual missed",
    "reduce": "lower percent level",
    "enter_dose": "set",
    "edit_patient": "weight height measurement laboratory result counts platelets mucositis level marker allergy",
    "branches": "branch compare answers",
    "plan_history": "reopen earlier version revision compare",
    "decide": "answer response remission MRD",
    "acknowledge": "accept override ignore",
    "print": "issue sheet roadmap PDF preview",
    "sign_verified": "verify second check",
    "sign_prepared": "prepare",
    "confirm": "unverified",
    "rescue": "raise leucovorin folinic acid methotrexate level delayed clearance",
    "clear_closed": "holiday weekend Christmas",
    "bags": "infusion change holiday closed day weekend",
    "settings": "preferences options language theme",
    "back_up": "copy save",
    "find_plan": "search open",
    "replace": "substitute switch",
    "open_demo": "example sample tutorial try practice invented",
    "remove": "delete",
}
"""Other words people look for an action by."""


def plain_text(spec: ActionSpec) -> str:
    """The words in the chosen language without the mark of the access key."""
    return say(spec.text).replace("&", "")
