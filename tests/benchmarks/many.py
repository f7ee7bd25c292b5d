"""A store of thousands of plans: `fill FOLDER N`, `search FOLDER`. `listed.py` starts the program over it.

`search` prints the milliseconds from each key to the painted list.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.store.archive import Archive
from planner.storage.repository import Edit
from tests.benchmarks.edit import MOMENT

SYLLABLES = ("ba", "ri", "no", "le", "mu", "sá", "te", "vo", "ki", "dö")
WORDS = ("bari", "lemu 4", "voki", "sate", "1977", "nole ba")
"""What is typed, one key at a time."""


def fill(folder: Path, count: int) -> None:
    """Save so many plans of invented patients in the store the demo uses."""
    first, at = demo_plan(resources()), MOMENT.isoformat(timespec="seconds")
    with Archive.open(folder) as archive:
        for begin in range(0, count, 1000):
            plans = [_plan(first, number) for number in range(begin, min(begin + 1000, count))]
            archive.repository.append_all([Edit(plan, "Import") for plan in plans], "Bench", at)


def _plan(first, number: int):
    family, given = ("".join(SYLLABLES[number // 10**place % 10] for place in places) for places in ((0, 1), (2, 3)))
    born = date(1940 + number % 70, 1 + number % 12, 1 + number % 28)
    patient = replace(
        first.patient, id=f"{number:06}", family_name=family.title(), given_name=given.title(), birth_date=born
    )
    return replace(first, id=f"many-{number}", patient=patient)


def search(folder: Path) -> None:
    """Type into the search line of the list of patients."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from ui.desk import Desk

    app, times = QApplication([]), []
    with Archive.open(folder) as archive:
        desk = Desk(app, folder, archive, demo=False, moment=lambda: MOMENT)
        window = desk.window
        window.resize(1366, 768)
        window.show()
        window.furnish()
        window.show_plans()
        QCoreApplication.processEvents()
        for words in WORDS:
            for number in range(len(words)):
                began = time.perf_counter()
                if number:
                    QTest.keyClicks(window.plans.search, words[number])
                else:
                    window.plans.search.setText(words[0])
                QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
                times.append((time.perf_counter() - began) * 1e3)
            assert window.plans.model.rowCount(), f"nothing is found by {words}"
        window.close()
    print(json.dumps(times))


def main() -> None:
    """See above."""
    match sys.argv[1:]:
        case ["fill", folder, count]:
            fill(Path(folder), int(count))
        case ["search", folder]:
            search(Path(folder))


if __name__ == "__main__":
    main()
