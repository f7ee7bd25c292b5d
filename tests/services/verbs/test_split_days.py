"""A day whose doses a deferral splits: which of them a record of what was given means."""

from datetime import date, timedelta
from decimal import Decimal

from planner.assembly.assemble import assemble
from planner.model.cycle_content import State
from planner.model.patient import Patient
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Scope
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.verbs.editing import defer
from planner.services.verbs.recording import record_given
from planner.services.verbs.refusing import find_place
from tests.builders import placed

TEXT = """
id = "split"
title = "Split"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
[references]
X1 = { text = "invented", url = "" }
[[phases]]
id = "phase"
title = "Phase"
cycle_days = 7
cycles = 1
first_day = 26
start = "protocol start"
[[phases.orders]]
id = "leads"
agent = "dasatinib"
role = "antineoplastic"
route = "PO"
days = "-7:-3, 27:end"
frequency = "three times daily"
duration = "15 min"
dose = "100 mg"
evidence = "secondary"
references = ["X1"]
[[phases.orders]]
id = "between"
agent = "dasatinib"
role = "premedication"
route = "IV"
days = "-8:-6, 26:end"
frequency = "every 6 h x 4"
timing = "36 h after end of leads"
duration = "3 h"
dose = "5 mg"
evidence = "secondary"
references = ["X1"]
[[phases.orders]]
id = "follows"
agent = "dasatinib"
role = "premedication"
route = "IV"
days = "-3:-2, 29 or 30 or 31"
frequency = "every 12 h x 6"
timing = "36 h after end of between"
duration = "26 h"
dose = "5 mg"
evidence = "secondary"
references = ["X1"]
"""


def test_a_record_after_a_deferral_means_the_dose_it_was_made_for() -> None:
    """Of the doses of Day -1 those with a clock time stay with the order they follow, the others are deferred."""
    patient = Patient("1", "Test", "", date(1985, 5, 5), "female")
    plan, protocols = placed(TEXT, patient, date(2026, 1, 26))

    def schedule(of: Plan) -> Schedule:
        return assemble(of, protocols, {}, Site())

    plan = defer(plan, schedule(plan), Deferral("phase", 1, -2, 11, Scope.ALL, "other"))
    before = schedule(plan)
    doses = find_place(plan, before, "phase", 1).of_order(-1, "follows")
    by_time = sorted(doses, key=lambda one: (one.day, one.minute))
    assert by_time[0] is not doses[0], "the deferral no longer splits the day, so this test shows nothing"
    for number, meant in enumerate(doses):
        on = meant.date + timedelta(1)
        record = GivenRecord("phase", 1, -1, "follows", number, Given.GIVEN, on, Decimal(5), "mg", "A nurse")
        after = schedule(record_given(plan, before, record, date(2100, 1, 1)))
        (given,) = (one for one in after.events if one.state is State.GIVEN)
        assert (given.due_day, given.minute, given.date) == (meant.due_day, meant.minute, on)
