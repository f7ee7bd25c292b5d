"""A signature of a file may stand at any text for a moment: the sheets say it as it is."""

import pytest
from msgspec.structs import replace

from planner.model.plan import BlockStart
from planner.model.release import open_items
from planner.model.signing import Confirmation, Issue, SignOff
from planner.services.printing import BUILDERS
from planner.services.release import version_code
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import SITE, library, lines_of
from tests.exports.sheets.test_after_edits import PRINTED_AT, START, make_sheet, seen


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_moment_is_no_reason_to_print_nothing(kind: str) -> None:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["blinatumomab-mrd"], BlockStart(on=START))
    items = open_items(plan, seen(plan).schedule)
    checked = tuple(Confirmation(one.pin, one.order, "A. P.", "some day") for one in items)
    plan = replace(plan, confirmations=checked)
    signed = tuple(SignOff(one, version_code(plan), "A. P.", "some day") for one in ("prepared", "verified"))
    plan = replace(plan, sign_offs=signed, issues=(Issue(kind, 1, version_code(plan), "A. P.", "some day"),))
    told = [line.text for line in lines_of(make_sheet(seen(plan), kind, SITE, PRINTED_AT))]
    assert told
