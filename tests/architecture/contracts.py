"""The contracts of the house: each takes the modules and gives one line for each breach."""

import ast
import sys
from collections.abc import Callable, Mapping

from tests.architecture.imports import Import, Module, forbidden, imported_modules, reaches

Modules = Mapping[str, Module]
Contract = Callable[[Modules], list[str]]

STATIONS = ("content", "assembly", "checking", "timeline", "analysis", "storage", "exports")
PURE = ("model", "assembly", "checking", "timeline")
BESIDE_THE_NOUNS = ("planner.errors", "planner.paths", "planner.settings", "planner.files", "planner.process")
IO_MODULES = (
    *("asyncio", "concurrent", "fileinput", "glob", "http", "importlib", "io", "json", "locale", "logging", "queue"),
    *("multiprocessing", "numpy", "os", "pandas", "pathlib", "pickle", "platformdirs", "pydantic", "reportlab", "ssl"),
    *("select", "shutil", "signal", "socket", "sqlcipher3", "sqlite3", "subprocess", "sys", "tempfile", "threading"),
    *("time", "tomllib", "urllib", "planner.paths", "planner.settings", "planner.files"),
)
IO_CALLS = ("open", "print", "input")
SLOW = ("pandas", "numpy", "reportlab", "pydantic", "fontpkg", "pypdfium2", "argon2", "ortools", "pikepdf", "holidays")
OUTERMOST = ("planner.services", "planner.cli", "planner.__main__")

UI_LEVELS = (  # inside ui, from the top; names on one line do not import each other
    ("app",),
    ("desk",),
    ("window_state", "entrance"),
    ("main_window", "gate", "door"),
    ("deeds", "telling"),
    ("furniture",),
    ("intents",),
    ("keeping",),
    ("panels", "dialogs"),
    ("rows", "calendar"),
    ("timeline", "models", "document"),
    (
        "commands",
        "workers",
        "style",
        "actions",
        "icons",
        "surroundings",
        "translated",
        "pauses",
        "edit_names",
        "plan_words",
    ),
    ("rooms", "vault", "problem_words", "fix_names"),
    ("theme", "tongue", "quick_import", "quick_enums", "reading_order", "file_problems"),
)


def _inside(modules: Modules, *packages: str) -> list[Module]:
    return [module for module in modules.values() if any(reaches(module.name, package) for package in packages)]


def planner_knows_no_window(modules: Modules) -> list[str]:
    """planner imports neither Qt nor ui."""
    return [
        line for module in _inside(modules, "planner") for line in forbidden(module, ("PySide6", "shiboken6", "ui"))
    ]


def imports_go_down(modules: Modules) -> list[str]:
    """ui | cli > services > stations > nouns: nothing imports what stands above it."""
    stations = [f"planner.{station}" for station in STATIONS]
    above = {
        "planner.model": [*stations, *OUTERMOST, *BESIDE_THE_NOUNS, "ui"],
        **{beside: [*stations, *OUTERMOST, "ui"] for beside in BESIDE_THE_NOUNS},
        **{station: [*OUTERMOST, "ui"] for station in stations},
        "planner.services": ["planner.cli", "planner.__main__", "ui"],
        "ui": ["planner.cli", "planner.__main__"],
    }
    return [line for low, high in above.items() for module in _inside(modules, low) for line in forbidden(module, high)]


def stations_stand_apart(modules: Modules) -> list[str]:
    """Only nouns pass between the stations."""
    breaches = []
    for station in STATIONS:
        others = [f"planner.{other}" for other in STATIONS if other != station]
        for module in _inside(modules, f"planner.{station}"):
            breaches += forbidden(module, others)
    return breaches


def sheets_stand_apart(modules: Modules) -> list[str]:
    """No sheet takes from another: what two of them say stands beside their folders, and knows none of them."""
    sheets = "planner.exports.sheets"
    here = _inside(modules, sheets)
    folders = {module.name for module in here if module.path.endswith("__init__.py")} - {sheets}
    breaches = []
    for module in here:
        breaches += forbidden(module, [one for one in folders if not reaches(module.name, one)])
    return breaches


def every_module_has_a_place(modules: Modules) -> list[str]:
    """No room beside the house: planner's and ui's top names are the ones the contracts speak about."""
    rooms = {"model", "services", "cli", "__main__", *STATIONS, *(name.partition(".")[2] for name in BESIDE_THE_NOUNS)}
    ui_rooms = {name for level in UI_LEVELS for name in level}
    known = {"planner": rooms, "ui": ui_rooms}
    breaches = []
    for module in modules.values():
        top, _, rest = module.name.partition(".")
        room = rest.partition(".")[0]
        if room and room not in known[top]:
            breaches.append(f"{module.path}: {top} has no room named {room}")
    return breaches


def nouns_need_only_python(modules: Modules) -> list[str]:
    """planner.model imports the standard library, msgspec for its structs, and itself."""
    allowed = (*sys.stdlib_module_names, "msgspec", "planner.model")
    return [
        f"{module.path}:{item.line} imports {item.target}"
        for module in _inside(modules, "planner.model")
        for item in module.imports
        if not any(reaches(item.target, name) for name in allowed)
    ]


def pure_stations_do_no_io(modules: Modules) -> list[str]:
    """model, assembly, checking and timeline read and write nothing."""
    breaches = []
    for module in _inside(modules, *(f"planner.{name}" for name in PURE)):
        breaches += forbidden(module, IO_MODULES)
        breaches += [
            f"{module.path}:{call.lineno} calls {call.func.id}()"
            for call in ast.walk(module.tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in IO_CALLS
        ]
    return breaches


def slow_libraries_wait(modules: Modules) -> list[str]:
    """pandas, reportlab and such are imported in the function that needs them; shapes too, for pydantic."""
    shapes = [name for name in modules if name.startswith("planner.content.") and name.endswith("shape")]
    breaches = []
    for module in modules.values():
        slow = [name for name in SLOW if not (name == "pydantic" and module.name == "planner.content.shape")]
        breaches += forbidden(module, slow if module.name in shapes else [*slow, *shapes], top_level_only=True)
    return breaches


def packages_are_doors_only(modules: Modules) -> list[str]:
    """An __init__.py holds one docstring."""
    breaches = []
    for module in modules.values():
        if module.path.endswith("__init__.py"):
            body = module.tree.body
            alone = len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
            if not (alone and ast.get_docstring(module.tree)):
                breaches.append(f"{module.path} holds more or less than a docstring")
    return breaches


def imports_are_absolute(modules: Modules) -> list[str]:
    """No import counts dots."""
    return [f"{module.path}:{item.line}" for module in modules.values() for item in module.imports if item.level]


def names_come_from_their_home(modules: Modules) -> list[str]:
    """No re-exports: a name is imported from the module that defines it."""
    breaches = []
    for module in modules.values():
        for item in module.imports:
            home, _, name = item.target.rpartition(".")
            if home in modules and item.target not in modules and name in _borrowed(modules[home]):
                breaches.append(f"{module.path}:{item.line} takes {name} from {home}, which only imports it")
    return breaches


def _borrowed(module: Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def nothing_turns_in_a_circle(modules: Modules) -> list[str]:
    """No module reaches itself over its imports, type-only and late ones included."""
    edges = {name: imported_modules(module, modules) - {name} for name, module in modules.items()}
    breaches, done = [], set()
    for start in sorted(edges):
        trail = _way_back(start, edges)
        if trail and not done & set(trail):
            done |= set(trail)
            breaches.append(" > ".join(trail))
    return breaches


def _way_back(start: str, edges: Mapping[str, set[str]]) -> list[str]:
    """The shortest way from a module back to itself, or nothing."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for target in sorted(edges[way[-1]]):
            if target == start:
                return [*way, start]
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []


def packages_turn_in_no_circle(modules: Modules) -> list[str]:
    """The same for the rooms of planner: no two packages need each other."""
    rooms = {_room(name) for name in modules}
    edges: dict[str, set[str]] = {room: set() for room in rooms}
    for name, module in modules.items():
        edges[_room(name)] |= {_room(target) for target in imported_modules(module, modules)} - {_room(name)}
    circles = (_way_back(room, edges) for room in sorted(edges))
    return [" > ".join(circle) for circle in circles if circle]


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def window_keeps_its_order(modules: Modules) -> list[str]:
    """Inside ui: app > main_window > panels | dialogs > timeline | models | document > commands | workers > theme."""
    rank = {name: place for place, level in enumerate(UI_LEVELS) for name in level}
    breaches = []
    for module in _inside(modules, "ui"):
        here = _ui_room(module.name)
        for item in module.imports:
            there = _ui_room(item.target) if reaches(item.target, "ui") else ""
            if there and here and there != here and rank.get(there, -1) <= rank.get(here, -1):
                breaches.append(f"{module.path}:{item.line} imports {item.target}")
    return breaches


def _ui_room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def window_uses_the_door(modules: Modules) -> list[str]:
    """ui asks the services and knows the nouns; only desk and gate may touch content and storage, to construct them."""
    breaches = []
    for module in _inside(modules, "ui"):
        open_doors = ["planner.services", "planner.model", *BESIDE_THE_NOUNS]
        open_doors += ["planner.content", "planner.storage"] if module.name in ("ui.desk", "ui.gate") else []
        breaches += [
            f"{module.path}:{item.line} imports {item.target}"
            for item in module.imports
            if reaches(item.target, "planner") and not _through(item, open_doors)
        ]
    return breaches


def _through(item: Import, doors: list[str]) -> bool:
    return any(reaches(item.target, door) for door in doors)


CONTRACTS: tuple[Contract, ...] = (
    planner_knows_no_window,
    imports_go_down,
    stations_stand_apart,
    sheets_stand_apart,
    every_module_has_a_place,
    nouns_need_only_python,
    pure_stations_do_no_io,
    slow_libraries_wait,
    packages_are_doors_only,
    imports_are_absolute,
    names_come_from_their_home,
    nothing_turns_in_a_circle,
    packages_turn_in_no_circle,
    window_keeps_its_order,
    window_uses_the_door,
)
