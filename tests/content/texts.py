"""Texts of content files for tests. Doses and days here serve the tests, nobody's care."""

from planner.model.agent import Agent

AGENTS = {
    agent.id: agent
    for agent in (
        Agent("vincristine", "Vincristine", classes=("vinca",)),
        Agent("methotrexate", "Methotrexate", synonyms=("MTX-names",), classes=("antifolate",)),
        Agent("leucovorin", "Leucovorin", classes=("folinate",)),
        Agent("blinatumomab", "Blinatumomab"),
        Agent("dexamethasone", "Dexamethasone", classes=("steroid",)),
        Agent("dasatinib", "Dasatinib", classes=("tki",)),
        Agent("tbi", "Total body irradiation"),
    )
}

GOOD = """\
id = "sample"
title = "Sample protocol"
version = "2"
status = "draft"
disease = "B-ALL"
population = "Adults"
use = "for tests"
jurisdiction = "EU"
summary = "Three phases."
valid_from = 2026-01-01
review_by = 2027-01-01
facts = ["flt3"]
entry = [{ when = "age >= 18", text = "Adults" }]
course = ["blina 1-2", "chemo 1", "blina 3", "maintenance"]
exemptions = [{ rule = "GC-02", because = "by design" }]
marks = ["trial"]
entry_references = ["R1"]
[references]
R1 = { text = "A trial", url = "https://example.org/r1" }
R2 = { text = "A label" }
[[variants]]
id = "it"
question = "Second intrathecal dose"
default = "day-31"
choices = [
  { id = "day-31", title = "Day 31", references = ["R1"] },
  { id = "day-21", title = "Day 21", note = "older version" },
]

[[phases]]
id = "blina"
title = "Blinatumomab"
short = "Blina"
cycle_days = 42
cycles = 3
max_cycles = 4
cycle_lengths = { 3 = 35 }
gate = "ANC ≥ 0.75 × 10⁹/L"
references = ["R1"]
note = "A phase."

[[phases.orders]]
id = "blinatumomab"
agent = "blinatumomab"
role = "antineoplastic"
route = "IV"
bands = [
  { when = "weight >= 45", dose = "28 mcg/day" },
  { when = "weight < 45", dose = "15 mcg/m2/day", cap = "28 mcg", note = "child" },
]
days = "1:28"
continuous = true
evidence = "label"
references = ["R2"]

[[phases.orders]]
id = "dexamethasone"
agent = "dexamethasone"
role = "premedication"
route = "IV"
dose = "20 mg"
days = "1"
cycles = "1, 3"
timing = "1 h before blinatumomab"
duration = "15 min"
rate = "200 mL/h"
evidence = "label"
references = ["R2"]
patient_note = "Before the infusion."

[[phases.assessments]]
id = "marrow"
title = "Bone marrow"
topic = "marrow"
days = "-3, 43"
window = "-1/+3"
cycles = "1"
when = "ph = negative"
evidence = "trial"
references = ["R1"]
patient_words = "Marrow test"

[[phases]]
id = "chemo"
title = "Chemotherapy"
cycle_days = 21
start = "after blina + 7 days"

[[phases.orders]]
id = "methotrexate"
agent = "methotrexate"
role = "antineoplastic"
route = "IV"
dose = "1 g/m2"
cap = "2 g"
days = "-7:2/4"
duration = "24 h"
volume = "1000 mL"
window = "-0/+2"
escalation = "0.5 g/m2"
evidence = "trial"
references = ["R1"]

[[phases.orders]]
id = "leucovorin"
agent = "leucovorin"
role = "rescue"
route = "IV"
dose = "15 mg/m2"
days = "2"
frequency = "every 6 h x 4"
timing = "12 h after end of methotrexate"
concentration = "10 mg/mL"
evidence = "trial"
references = ["R1"]

[[phases.orders]]
id = "it-mtx"
agent = "methotrexate"
role = "intrathecal"
route = "IT"
dose = "12 mg"
days = "8"
when = "variant.it = day-31 and decision.response = cr and cns in CNS1 | CNS2 and flt3 = itd"
goes_with = "methotrexate"
evidence = "secondary"
references = ["R1"]

[[phases.assessments]]
id = "counts"
title = "Counts before day 15"
topic = "counts"
days = "15"
gate = "ANC ≥ 0.75 × 10⁹/L"
goes_with = "methotrexate"
evidence = "trial"
references = ["R1"]

[[phases]]
id = "maintenance"
title = "Maintenance"
cycle_days = 84
cycles = 4
first_day = 0
start = "chemo day 22"
only_if = "decision.response = cr"
ends = [{ when = "sex = male", until = "3 years after chemo day 1" }]

[[phases.orders]]
id = "dasatinib"
agent = "dasatinib"
role = "antineoplastic"
route = "PO"
dose = "140 mg/day"
days = "0:end"
frequency = "twice daily"
stays = true
evidence = "trial"
references = ["R1"]

[[phases.orders]]
id = "vincristine"
agent = "vincristine"
role = "antineoplastic"
route = "IV"
days = "0"
evidence = "local"
note = "No source gives the dose."

[[decisions]]
id = "response"
question = "Complete remission?"
phase = "chemo"
cycle = 1
day = 22
needs = ["Marrow blasts"]
expected = "cr"
choices = [{ id = "cr", title = "Yes" }, { id = "no", title = "No" }]
evidence = "trial"
references = ["R1"]

[[phases.orders]]
id = "cotrimoxazole"
agent = "vincristine"
role = "supportive"
route = "PO"
dose = "2 mg/day"
days = "1:end"
at = "08:00, 20:00"
weekdays = "Sat, Sun"
changes = "at once"
evidence = "trial"
references = ["R1"]

[[phases.orders]]
id = "spaced"
agent = "dexamethasone"
role = "supportive"
route = "PO"
dose = "0.1 mg/kg"
course_cap = "20 mg"
weight = "ideal"
days = "4 or 5 or 6"
not_on = "Sat, Sun"
apart = ["3 days from vincristine"]
until = "counts recover"
evidence = "trial"
references = ["R1"]
"""

RULE = """\
id = "XX-01"
title = "Vincristine keeps its distance"
statement = "Doses of vincristine stand at least seven days apart."
kind = "minimum_interval"
severity = "warning"
status = "draft"
evidence = "secondary"
reference = "A product text"
url = "https://example.org/rule"
jurisdiction = "EU"
valid_from = 2026-01-01
advice = "Move the later dose."
when = "age >= 18"

[parameters]
agents = ["vincristine", "class:vinca IV"]
at_least = "7 days"

[[examples]]
title = "too close"
finds = 1
events = ["1 vincristine 2 mg IV", "4 vincristine 2 mg IV"]
patient = { age = 40, weight = "70.5" }
"""


def change(text: str, old: str, new: str) -> str:
    """The text with one passage replaced, which must stand in it exactly once."""
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)
