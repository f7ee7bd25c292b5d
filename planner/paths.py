"""Where things are: the shipped resources, and the folder of this user's own data."""

import os
import sys
from pathlib import Path

from planner.errors import EnvironmentProblem

DATA_DIR_VARIABLE = "REGIMAP_DATA_DIR"
"""Environment variable that names another data folder: for tests, scripts and several stores on one machine."""


def resources() -> Path:
    """The shipped protocols, rules and agents. They lie beside the packages, in a checkout as in an installed wheel."""
    folder = Path(__file__).resolve().parent.parent / "resources"
    if not folder.is_dir():
        raise EnvironmentProblem(f"{folder}: the shipped protocols are missing; install the program again")
    return folder


def user_data() -> Path:
    """The folder for plans, settings and the site's own protocols and rules. It need not exist yet."""
    chosen = os.environ.get(DATA_DIR_VARIABLE, "")
    if chosen:
        return Path(chosen).expanduser()
    on_linux: bool = sys.platform.startswith("linux")
    if on_linux:
        # What platformdirs says here too (a test compares); its import would be seen at every start.
        base = Path(os.environ.get("XDG_DATA_HOME", "").strip())
        return (base if base.is_absolute() else Path("~/.local/share").expanduser()) / "regimap"
    import platformdirs

    return platformdirs.user_data_path("regimap", appauthor=False)


def user_cache() -> Path:
    """The folder for what can be made again at any time. It need not exist yet."""
    chosen = os.environ.get(DATA_DIR_VARIABLE, "")
    if chosen:
        return Path(chosen).expanduser() / "cache"
    on_linux: bool = sys.platform.startswith("linux")
    if on_linux:
        base = Path(os.environ.get("XDG_CACHE_HOME", "").strip())
        return (base if base.is_absolute() else Path("~/.cache").expanduser()) / "regimap"
    import platformdirs

    return platformdirs.user_cache_path("regimap", appauthor=False)


def settings_file() -> Path:
    """The settings of this user; losing it loses no plan."""
    return user_data() / "settings.json"
