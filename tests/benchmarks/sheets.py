"""Times the printing of a long course, as the window prints it: the sheet as data and its pages, by page.

The benchmark kit's own two documents (its part e_pdf) are made by `dev.py bench --kit`.
"""

import json
import sys
import time
from datetime import date, datetime

import pypdfium2

from planner.content.library import read_library
from planner.model.plan import BlockStart
from planner.model.site import Site
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet, pdf_of
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT

PROTOCOL = "hyper-cvad"
KINDS = ("roadmap", "calendar", "daysheet")
AT = datetime(2026, 3, 1, 12, 0)


def main() -> None:
    """Print milliseconds a page of each sheet, and of the whole calendar, as JSON."""
    library = read_library(resources(), None)
    shelved = library.protocols[PROTOCOL]
    plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library, Site())
    found: dict[str, list[float]] = {}
    for number in range(int(sys.argv[1]) + 1):
        for kind in KINDS:
            began = time.perf_counter()
            pdf = pdf_of(make_sheet(evaluated, kind, Site(), AT), "A4")
            took = (time.perf_counter() - began) * 1e3
            pages = len(pypdfium2.PdfDocument(pdf))
            if number:  # the first round reads fonts and words
                found.setdefault(f"{kind} of {PROTOCOL}, a page of {pages}", []).append(took / pages)
                found.setdefault(f"{kind} of {PROTOCOL}, whole", []).append(took)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
