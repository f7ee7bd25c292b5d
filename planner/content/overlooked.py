"""A site's files that were meant to be read and are not, by their ending or folder: whoever wrote one relies on it."""

from collections.abc import Iterator
from pathlib import Path

from planner.files import is_closed
from planner.model.library import ContentProblem

FOLDERS = ("protocols", "rules", "agents")
"""The folders of a site's own files."""
_ENDINGS = (".toml", ".toml.txt")
"""In small letters; an editor may add an ending that its system then hides."""


def overlooked(site: Path) -> Iterator[ContentProblem]:
    """Each such file with where it should lie, or how it should be called."""
    for folder in _folders(site):
        if is_closed(folder):
            yield ContentProblem(folder.name, "", "the folder is closed to this account, and nothing in it is read")
            continue
        known = any((site / name).is_dir() and (site / name).samefile(folder) for name in FOLDERS)
        for path in sorted(folder.rglob("*") if known else folder.glob("*")):
            if not path.name.lower().endswith(_ENDINGS) or not path.is_file():
                continue
            if not known:
                told = f'is not read in the folder "{folder.name}", only in {", ".join(FOLDERS)} of the data folder'
                yield ContentProblem(path.name, "", told)
            elif not path.match("*.toml"):
                yield ContentProblem(path.name, "", "is not read; its name has to end in .toml")


def _folders(site: Path) -> Iterator[Path]:
    """The folder of the site's data itself, those that are read, and those whose names are nearly theirs."""
    yield site
    for folder in sorted(site.iterdir()) if site.is_dir() else ():
        if folder.name.lower().rstrip("s") in {name.rstrip("s") for name in FOLDERS} and folder.is_dir():
            yield folder
