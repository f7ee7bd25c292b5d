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
    try:
        kept = json.loads(read_text(path))
    except (KnownError, ValueError, RecursionError):
        return Settings()
    if not isinstance(kept, dict):
        return Settings()
    site = kept.get("site")
    chosen = {name: value for name, value in kept.items() if _sensible(name, value)}
    known = {name: value for name, value in chosen.items() if name in Settings.__struct_fields__}
    return replace(Settings(**known), site=_site(site if isinstance(site, dict) else {}))


def save_settings(path: Path, settings: Settings) -> None:
    """Write them whole. Raises EnvironmentProblem."""
    make_private_folder(path.parent)
    write_whole(
        path,
        (json.dumps({**asdict(settings), "site": asdict(settings.site)}, indent=2, ensure_ascii=False) + "\n").encode(),
    )


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
