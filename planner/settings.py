"""What one user and site chose: kept as a small JSON file, apart from all plans.

A settings file that is missing, damaged or from another version never stops the program: what cannot be understood
falls back to its default (promise R16). No patient data is ever kept here.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, fields, replace

from planner.errors import KnownError
from planner.files import make_private_folder, read_text, write_whole
from planner.model.body import SURFACES
from planner.model.clock_change import CLOCK_CHANGES
from planner.model.drug_names import DRUG_NAMES
from planner.model.site import ROUNDINGS, Site

SETTINGS_FILE = "settings.json"
"""In the folder of the user's data."""
THEMES = ("system", "light", "dark", "contrast")
LANGUAGES = ("en", "es")
PAPERS = ("A4", "Letter", "A3")
MICROGRAMS = ("mcg", "micrograms")


class Settings(Struct, frozen=True):
    """`who` is the name put to edits; `site` holds the choices that dates and printed texts depend on.

    `welcomed` is true once somebody went through the first questions. `lock_minutes` is after how long without a hand
    on it the window locks itself (0 never), `second_folder` where a copy of every backup goes ("" nowhere).
    """

    who: str = ""
    theme: str = "system"
    language: str = "en"
    welcomed: bool = False
    lock_minutes: int = 10
    second_folder: str = ""
    site: Site = Site()


def load_settings(path: Path) -> Settings:
    """The settings kept there; defaults for whatever is missing or makes no sense."""
    kept = _kept(path)
    if kept is None:
        return Settings()
    site = kept.get("site")
    chosen = {name: value for name, value in kept.items() if _sensible(name, value)}
    known = {name: value for name, value in chosen.items() if name in Settings.__struct_fields__}
    return replace(Settings(**known), site=_site(site if isinstance(site, dict) else {}))


def left_out(path: Path) -> tuple[str, ...]:
    """What the file says and `load_settings` does not take, a line each: a slip in it must not change doses unseen."""
    if not path.exists():
        return ()
    kept = _kept(path)
    if kept is None:
        return ("cannot be read; every setting is as it comes with the program",)
    site = kept.get("site", {})
    if not isinstance(site, dict):
        return ('"site" is not understood; the settings of the clinic are as they come with the program',)
    of_user = [(name, value, Settings()) for name, value in kept.items() if name != "site"]
    of_site = [(name, value, Site()) for name, value in site.items()]
    return tuple(_told(*one) for one in (*of_user, *of_site) if not _is_taken(*one))


def _is_taken(name: str, value: object, default: Struct) -> bool:
    return name in default.__struct_fields__ and _sensible(name, value)


def _told(name: str, value: object, default: Struct) -> str:
    if name not in default.__struct_fields__:
        return f'there is no setting "{name[:40]}"'
    return f"{name} {json.dumps(value)[:60]} is not understood; {json.dumps(getattr(default, name))} counts"


def _kept(path: Path) -> dict[str, Any] | None:
    """What the file holds; None where it is missing or no JSON object."""
    try:
        kept = json.loads(read_text(path))
    except (KnownError, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, dict) else None


def save_settings(path: Path, settings: Settings) -> None:
    """Write them whole; what the file says beside them stays, for a later version may know it. EnvironmentProblem."""
    make_private_folder(path.parent)
    before = _kept(path) or {}
    of_site = before.get("site")
    site = _with_unknown(of_site if isinstance(of_site, dict) else {}, settings.site)
    content = {**_with_unknown(before, settings), "site": site}
    write_whole(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def _with_unknown(kept: Mapping[str, Any], chosen: Struct) -> dict[str, Any]:
    """What was chosen, and what was kept that has no place in it."""
    known = chosen.__struct_fields__
    return {**asdict(chosen), **{name: value for name, value in kept.items() if name not in known}}


def _site(kept: Mapping[str, Any]) -> Site:
    names = [field.name for field in fields(Site)]
    sensible: dict[str, Any] = {name: kept[name] for name in names if name in kept and _sensible(name, kept[name])}
    return replace(Site(), **sensible)


def _sensible(name: str, value: object) -> bool:
    """Whether a kept value may be used: right type, and within its range or list."""
    if isinstance(value, bool):
        return name == "welcomed"
    if isinstance(value, str):
        lists: dict[str, Collection[str]] = {
            "theme": THEMES,
            "language": LANGUAGES,
            "paper": PAPERS,
            "micrograms": MICROGRAMS,
            "drug_names": DRUG_NAMES,
            "clock_changes": CLOCK_CHANGES,
            "bsa_formula": SURFACES,
            "rounding": ROUNDINGS,
        }
        texts = ("who", "name", "phone_24h", "when_to_call", "second_folder")
        written = value.replace("\n", "") if name == "when_to_call" else value
        return value in lists.get(name, ()) or (name in texts and written.isprintable() and len(value) <= 500)
    if not isinstance(value, int):
        return False
    ranges = {
        "treatment_day_starts": (0, 24 * 60 - 1),
        "week_starts": (0, 6),
        "rounding_percent": (1, 10),
        "lock_minutes": (0, 240),
    }
    least, most = ranges.get(name, (1, 0))
    return least <= value <= most
