"""Where things are: the shipped resources, and the folder of this user's own data."""

import os
import sys
from pathlib import Path

from planner.errors import DataFolderGone, EnvironmentProblem
from planner.files import cause_of, is_closed, make_private_folder, told, write_whole
from planner.model import store_words as words

DATA_DIR_VARIABLE = "REGIMAP_DATA_DIR"
"""Environment variable that names another data folder: for tests, scripts and several stores on one machine."""

CHOSEN_FILE = "data-folder.txt"
"""In the folder that the system gives: the path of the one that somebody chose instead at the first start."""


def resources() -> Path:
    """The shipped protocols, rules and agents. They lie beside the packages, in a checkout as in an installed wheel."""
    folder = Path(__file__).resolve().parent.parent / "resources"
    if not folder.is_dir():
        raise EnvironmentProblem(f"{folder}: the shipped protocols are missing; install the program again")
    return folder


def user_data() -> Path:
    """The folder for plans, settings and the site's own protocols and rules. It need not exist yet.

    DataFolderGone where one was chosen that is not there: an empty one in its place would hide all plans; and where
    this account may not look into it.
    """
    named = os.environ.get(DATA_DIR_VARIABLE, "")
    if named:
        return _open_to_us(Path(named).expanduser())
    own = own_data()
    try:
        chosen = Path((own / CHOSEN_FILE).read_text("utf-8").strip())
    except FileNotFoundError:
        return _open_to_us(own)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(told(own / CHOSEN_FILE, words.NOT_READ, cause=cause_of(error))) from error
    if not chosen.is_dir():
        raise DataFolderGone(told(chosen, words.DATA_GONE, pointer=own / CHOSEN_FILE))
    return _open_to_us(chosen)


def _open_to_us(folder: Path) -> Path:
    """The folder, where this account may look into it or it is not there yet."""
    if is_closed(folder):
        raise DataFolderGone(told(folder, words.CLOSED))
    return folder


def may_choose_data(folder: Path) -> bool:
    """Whether that folder is only what the system gives, so that a person may choose another one."""
    return not os.environ.get(DATA_DIR_VARIABLE) and folder == own_data()


def choose_data(folder: Path) -> None:
    """Keep plans and settings in that folder from now on. Raises EnvironmentProblem."""
    own = own_data()
    if folder != own:
        make_private_folder(own)
        write_whole(own / CHOSEN_FILE, f"{folder}\n".encode())


def own_data() -> Path:
    """The folder that the system gives a program for its user's data."""
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
