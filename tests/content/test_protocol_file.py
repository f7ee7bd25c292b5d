"""Protocol files: what a good one means, and every way in which one can be wrong, told with file and line."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from planner.content.protocol_file import build_protocol, make_pin, read_protocol
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.protocol import CourseStep, Days, EndRule, StartRule, TimeAnchor, Window
from planner.model.quantity import Amount, parse_dose
from tests.content.texts import AGENTS, GOOD, change


def read(text):
    return read_protocol(text, "sample.toml", AGENTS)


def problems(text):
    protocol, found = read(text)
    assert (protocol is None) == bool(found)
    return [str(problem) for problem in found]


def line_of(text, passage):
    assert text.count(passage) == 1, passage
    return text[: text.index(passage)].count("\n") + 1


def test_a_good_file_is_read_without_a_problem():
    protocol, found = read(GOOD)
    assert found == ()
    assert (protocol.id, protocol.title, protocol.version, protocol.status) == (
        "sample",
        "Sample protocol",
        "2",
        Status.DRAFT,
    )
    assert protocol.entry == ((parse_condition("age >= 18"), "Adults"),)
    assert (protocol.valid_from, protocol.review_by) == (date(2026, 1, 1), date(2027, 1, 1))
    assert protocol.exemptions == (("GC-02", "by design"),)
    assert protocol.reference("R1").url == "https://example.org/r1"
    assert [choice.id for choice in protocol.variants[0].choices] == ["day-31", "day-21"]
    assert protocol.decisions[0].needs == ("Marrow blasts",)


def test_the_course_interleaves_phases_and_fills_in_default_cycles():
    assert read(GOOD)[0].course == (
        CourseStep("blina", (1, 2)),
        CourseStep("chemo", (1,)),
        CourseStep("blina", (3,)),
        CourseStep("maintenance", (1, 2, 3, 4)),
    )


def test_without_a_course_the_phases_run_in_the_order_of_the_file():
    text = change(GOOD, 'course = ["blina 1-2", "chemo 1", "blina 3", "maintenance"]\n', "")
    assert [(step.phase, len(step.cycles)) for step in read(text)[0].course] == [
        ("blina", 3),
        ("chemo", 1),
        ("maintenance", 4),
    ]


def test_phases_start_where_the_file_says_or_after_the_step_before():
    starts = {phase.id: phase.start for phase in read(GOOD)[0].phases}
    assert starts == {
        "blina": StartRule(gate="ANC"),
        "chemo": StartRule("blina", None, 7),
        "maintenance": StartRule("chemo", 22),
    }
    silent = change(change(GOOD, 'start = "after blina + 7 days"\n', ""), 'start = "chemo day 22"\n', "")
    assert [phase.start for phase in read(silent)[0].phases] == [
        StartRule(gate="ANC"),
        StartRule("blina"),
        StartRule("blina"),
    ]


def test_a_phase_outside_the_course_starts_after_the_one_above_it():
    text = change(GOOD, '"blina 1-2", "chemo 1", "blina 3", "maintenance"', '"chemo"')
    text = change(text, 'start = "after blina + 7 days"\n', "")
    text = change(text, 'start = "chemo day 22"\n', "")
    assert {phase.id: phase.start.phase for phase in read(text)[0].phases} == {
        "blina": "",
        "chemo": "",
        "maintenance": "chemo",
    }


def test_orders_hold_what_their_lines_say():
    orders = {(phase.id, order.id): order for phase in read(GOOD)[0].phases for order in phase.orders}
    blinatumomab = orders["blina", "blinatumomab"]
    assert [(str(band.when), str(band.dose), band.cap, band.note) for band in blinatumomab.bands] == [
        ("weight >= 45", "28 mcg/day", None, ""),
        ("weight < 45", "15 mcg/m2/day", Amount(Decimal(28), "mcg"), "child"),
    ]
    assert blinatumomab.continuous
    assert blinatumomab.evidence is Evidence.LABEL
    premedication = orders["blina", "dexamethasone"]
    assert (premedication.anchor, premedication.cycles) == (TimeAnchor("blinatumomab", -60), (1, 3))
    methotrexate = orders["chemo", "methotrexate"]
    assert methotrexate.days == Days((-7, -3, 2), False, "-7:2/4")
    assert (methotrexate.duration_h, methotrexate.window) == (Decimal(24), Window(0, 2))
    assert methotrexate.escalation == parse_dose("0.5 g/m2")
    assert methotrexate.bands[0].cap == Amount(Decimal(2000), "mg")
    leucovorin = orders["chemo", "leucovorin"]
    assert (leucovorin.every_hours, leucovorin.dose_count) == (6, 4)
    assert leucovorin.anchor == TimeAnchor("methotrexate", 720, "end")
    dasatinib = orders["maintenance", "dasatinib"]
    assert (dasatinib.days.numbers, dasatinib.days.to_end, dasatinib.doses_per_day, dasatinib.stays) == (
        (0,),
        True,
        2,
        True,
    )
    assert [band.dose for band in orders["maintenance", "vincristine"].bands] == [None]


def test_phases_hold_their_lengths_numbering_and_ends():
    blina, chemo, maintenance = read(GOOD)[0].phases
    assert (blina.length_of(1), blina.length_of(3), blina.max_cycles) == (42, 35, 4)
    assert (chemo.first_day, maintenance.first_day) == (1, 0)
    assert maintenance.ends == (EndRule(36, "chemo", 1, parse_condition("sex = male")),)
    assert str(maintenance.only_if) == "decision.response = cr"
    assert blina.assessments[0].days.numbers == (-3, 43)


def test_building_gives_what_reading_gives():
    assert build_protocol(GOOD) == read(GOOD)[0]
    windows = GOOD.replace("\n", "\r\n")
    assert build_protocol(windows) == read(windows)[0] == build_protocol(GOOD)


@pytest.mark.parametrize("text", ["id = 'x'", "phases = 3", "= 3", GOOD.replace('dose = "20 mg"', "dose = 20"), ""])
def test_building_from_an_unchecked_text_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - which one does not matter, only that no other error escapes
        build_protocol(text)


def test_the_pin_holds_text_version_and_hash():
    pin = make_pin(GOOD)
    assert (pin.id, pin.version, pin.text) == ("sample", "2", GOOD)
    assert pin.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


CANNOT_START = (
    'cannot read the start "next week"; write "protocol start", "after x", "after x + 7 days" or "x day 57" '
    "with the id of another phase"
)
NO_ROLE = (
    "\"assessment\" is not one of 'antineoplastic', 'cell therapy', 'intrathecal', 'premedication', 'supportive', "
    "'hydration', 'rescue' or 'growth factor'"
)
NO_END = 'methotrexate has no duration, so nobody knows when it ends; give it one or say "after start of"'
CHEMO = "phases[1].orders[0]"
WRONG = [
    # passage of the good file, what stands there instead, place, message; the line is the first one that differs
    ('id = "sample"', 'id = "Sample"', "id", '"Sample" must be small letters, digits and single hyphens'),
    ('version = "2"', "version = 2", "version", "must be text in quotes"),
    (
        'status = "draft"',
        'status = "final"',
        "status",
        "\"final\" is not one of 'draft', 'reviewed', 'superseded' or 'retired'",
    ),
    ('use = "for', 'usse = "for', "usse", 'is not a key of this format; did you mean "use"?'),
    ('use = "for', 'xyzzy = "for', "xyzzy", "is not a key of this format"),
    (
        'title = "Sample protocol"',
        'title = " Sample"',
        "title",
        '" Sample" must be one line of text without spaces at its ends',
    ),
    (
        'title = "Sample protocol"',
        'title = "Sаmple"',  # with a Cyrillic a
        "title",
        '"Sаmple" mixes letters of two scripts that look alike; type it again',
    ),
    ("valid_from = 2026-01-01", 'valid_from = "2026-01-01"', "valid_from", "must be a date such as 2026-11-22"),
    (
        "valid_from = 2026-01-01",
        "valid_from = 2026-01-01T08:00:00",
        "valid_from",
        "is a date with a clock time; write the date alone: 2026-11-22",
    ),
    ("review_by = 2027-01-01", "review_by = 2026-01-01", "review_by", "must come after valid_from"),
    (
        'when = "age >= 18"',
        'when = "age over 18"',
        "entry[0].when",
        'cannot read the condition "age over 18"; write for example "age < 55" or "cns in CNS1 | CNS2"',
    ),
    (
        'when = "age >= 18"',
        'when = "ages >= 18"',
        "entry[0].when",
        'nobody records the fact "ages"; did you mean "age"?',
    ),
    ('when = "age >= 18"', 'when = "age = old"', "entry[0].when", '"age = old": age is a number, "old" is none'),
    ("sex = male", "sex = man", "phases[2].ends[0].when", '"sex = man": sex is never "man", but female or male'),
    (
        "ph = negative",
        "ph < 3",
        "phases[0].assessments[0].when",
        '"ph < 3": ph is no number and knows only =, != and in',
    ),
    (
        "variant.it = day-31 and",
        "variant.itt = day-31 and",
        "phases[1].orders[2].when",
        'nobody records the fact "variant.itt"; did you mean "variant.it"?',
    ),
    (
        "variant.it = day-31 and",
        "variant.it = day-41 and",
        "phases[1].orders[2].when",
        '"variant.it = day-41": variant.it is never "day-41", but day-21 or day-31',
    ),
    (
        'only_if = "decision.response = cr"',
        'only_if = "decision.response = pr"',
        "phases[2].only_if",
        '"decision.response = pr": decision.response is never "pr", but cr or no or pending',
    ),
    (
        'choices = [{ id = "cr", title = "Yes" }, { id = "no", title = "No" }]',
        'choices = [{ id = "cr", title = "Yes" }, { id = "pending", title = "No" }]',
        "decisions[0].choices",
        '"pending" is the answer of a decision that is not due yet; use another id',
    ),
    ('"blina 1-2", ', '"blino 1-2", ', "course[0]", 'there is no phase "blino"; did you mean "blina"?'),
    (
        '"blina 1-2", ',
        '"blina one", ',
        "course[0]",
        'cannot read the cycles "one"; write for example "1", "1, 3" or "2-4"',
    ),
    ('"maintenance"]', '"maintenance 5"]', "course[3]", "cycle 5 does not exist; maintenance has at most 4"),
    ('"maintenance"]', '"maintenance", "chemo"]', "course[4]", "cycle 1 of chemo is already in the course"),
    (
        'default = "day-31"',
        'default = "day-41"',
        "variants[0].default",
        '"day-41" is not one of its choices: day-21, day-31',
    ),
    (
        '{ id = "day-21", ',
        '{ id = "day-31", ',
        "variants[0].choices[1].id",
        'the id "day-31" stands here a second time',
    ),
    ("max_cycles = 4", "max_cycles = 2", "phases[0].max_cycles", "is 2, but 3 cycles are placed by default"),
    (
        "cycle_lengths = { 3 = 35 }",
        "cycle_lengths = { 3 = 35, 5 = 35 }",
        "phases[0].cycle_lengths.5",
        "cycle 5 does not exist; the phase has at most 4",
    ),
    (
        "cycle_lengths = { 3 = 35 }",
        "cycle_lengths = { 3 = 35, last = 35 }",
        "phases[0].cycle_lengths.last",
        '"last" must be a cycle number',
    ),
    ("cycle_days = 21", "cycle_days = 0", "phases[1].cycle_days", "should be greater than or equal to 1"),
    ("cycle_days = 21", "cycle_days = true", "phases[1].cycle_days", "must be a whole number"),
    ("cycle_days = 21", "cycle_days = 21.0", "phases[1].cycle_days", "must be a whole number"),
    (
        'start = "after blina + 7 days"',
        'start = "after blin + 7 days"',
        "phases[1].start",
        'there is no phase "blin"; did you mean "blina"?',
    ),
    ('start = "chemo day 22"', 'start = "chemo day 0"', "phases[2].start", "there is no Day 0 in chemo"),
    (
        'start = "chemo day 22"',
        'start = "next week"',
        "phases[2].start",
        CANNOT_START,
    ),
    (
        '"3 years after chemo day 1"',
        '"3 years after chmo day 1"',
        "phases[2].ends[0].until",
        'there is no phase "chmo"; did you mean "chemo"?',
    ),
    (
        '"3 years after chemo day 1"',
        '"some years after chemo"',
        "phases[2].ends[0].until",
        'cannot read the end "some years after chemo"; write for example "36 months after x day 1" with a phase id',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "blinatumumab"',
        "phases[0].orders[0].agent",
        'unknown agent "blinatumumab"; did you mean "blinatumomab"?',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "xyz"',
        "phases[0].orders[0].agent",
        'unknown agent "xyz"; add it to an agent file first',
    ),
    (
        'id = "leucovorin"',
        'id = "methotrexate"',
        "phases[1].orders[1].id",
        'the id "methotrexate" stands here a second time',
    ),
    (
        'id = "marrow"',
        'id = "dexamethasone"',
        "phases[0].assessments[0].id",
        'the id "dexamethasone" is already an order of this phase',
    ),
    (
        'days = "-7:2/4"',
        'days = "0:8/4"',
        f"{CHEMO}.days",
        '"0:8/4": there is no Day 0 here; the day before Day 1 is Day -1',
    ),
    (
        'days = "-7:2/4"',
        'days = "1, 22"',
        f"{CHEMO}.days",
        "day 22 lies beyond the phase: cycle 1 has 21 days and ends with day 21",
    ),
    (
        'days = "-7:2/4"',
        'days = "1, 8, 5"',
        f"{CHEMO}.days",
        '"1, 8, 5": days must rise, but day 5 stands after day 8',
    ),
    (
        'days = "1:28"',
        'days = "1:36"',
        "phases[0].orders[0].days",
        "day 36 lies beyond the phase: cycle 3 has 35 days and ends with day 35",
    ),
    (
        'days = "-3, 43"',
        'days = "-3, 44"',
        "phases[0].assessments[0].days",
        "day 44 lies beyond the phase: cycle 1 has 42 days and ends with day 42",
    ),
    (
        'days = "0:end"',
        'days = "84:end"',
        "phases[2].orders[0].days",
        "day 84 lies beyond the phase: cycle 1 has 84 days and ends with day 83",
    ),
    (
        'cycles = "1, 3"',
        'cycles = "1, 5"',
        "phases[0].orders[1].cycles",
        "cycle 5 does not exist; the phase has at most 4",
    ),
    ('cycles = "1, 3"', 'cycles = "3, 1"', "phases[0].orders[1].cycles", '"3, 1": cycles count from 1 and must rise'),
    (
        '"1 h before blinatumomab"',
        '"1 h before blinatumumab"',
        "phases[0].orders[1].timing",
        'this phase has no order "blinatumumab"; did you mean "blinatumomab"?',
    ),
    (
        '"1 h before blinatumomab"',
        '"1 h before methotrexate"',
        "phases[0].orders[1].timing",
        'this phase has no order "methotrexate"',
    ),
    (
        '"1 h before blinatumomab"',
        '"1 h before dexamethasone"',
        "phases[0].orders[1].timing",
        "waits in a circle: dexamethasone after dexamethasone",
    ),
    (
        'dose = "1 g/m2"',
        'dose = "1 gram"',
        f"{CHEMO}.dose",
        '"1 gram" is not a dose; write for example "1.4 mg/m2", "28 mcg/day", "2 mg" or "AUC 5"',
    ),
    (
        'dose = "1 g/m2"',
        'dose = "0 g/m2"',
        f"{CHEMO}.dose",
        '"0 g/m2" cannot be meant; a dose is more than nothing and less than 10^15',
    ),
    (
        'dose = "1 g/m2"',
        'dose = "1e999 g/m2"',
        f"{CHEMO}.dose",
        '"1e999 g/m2" cannot be meant; a dose is more than nothing and less than 10^15',
    ),
    (
        'dose = "1 g/m2"',
        'dose = "١ g/m2"',
        f"{CHEMO}.dose",
        '"١ g/m2" holds strange characters; write plain letters, digits and signs',
    ),
    ('cap = "2 g"', 'cap = "2 units"', f"{CHEMO}.cap", "the cap is in units, the dose in mg"),
    ('cap = "2 g"', 'bands = [{ dose = "2 g/m2" }]', f"{CHEMO}.bands", "either dose and cap, or bands; not both"),
    (
        'escalation = "0.5 g/m2"',
        'escalation = "500 mg"',
        f"{CHEMO}.escalation",
        '"500 mg" cannot be added to "1 g/m2"; both are given in the same way',
    ),
    (
        'role = "rescue"',
        'role = "assessment"',
        "phases[1].orders[1].role",
        NO_ROLE,
    ),
    (
        'dose = "20 mg"',
        'dose = "2 Gy"',
        "phases[0].orders[1].route",
        "doses in Gy have the route radiation, no other has",
        'route = "IV"\ndose = "2 Gy"',
    ),
    (
        'role = "intrathecal"\nroute = "IT"',
        'role = "supportive"\nroute = "IT"',
        "phases[1].orders[2].route",
        'role "supportive", route IT: intrathecal doses have route IT, no other has',
        'route = "IT"',
    ),
    (
        'role = "intrathecal"\nroute = "IT"',
        'role = "intrathecal"\nroute = "IV"',
        "phases[1].orders[2].route",
        'role "intrathecal", route IV: intrathecal doses have route IT, no other has',
    ),
    (
        'id = "it-mtx"\nagent = "methotrexate"',
        'id = "it-mtx"\nagent = "vincristine"',
        "phases[1].orders[2].route",
        "Vincristine by the intrathecal route kills; vinca alkaloids are given IV only",
        'route = "IT"',
    ),
    (
        'dose = "28 mcg/day"',
        'dose = "28 mcg"',
        "phases[0].orders[0].bands[0].dose",
        'a continuous infusion has its dose by day; write "28 mcg/day"',
    ),
    (
        "continuous = true",
        'continuous = true\nduration = "24 h"',
        "phases[0].orders[0].continuous",
        "an infusion that runs all day has no frequency and no duration",
        "continuous = true",
    ),
    (
        "continuous = true",
        'continuous = true\nat = "08:00"',
        "phases[0].orders[0].at",
        "clock times stand alone: leave out frequency, timing and continuous",
        'at = "08:00"\nevidence = "label"',
    ),
    (
        'when = "weight >= 45", dose',
        "dose",
        "phases[0].orders[0].bands[0]",
        "a band without a condition always holds, so the bands after it never do",
    ),
    (
        'when = "weight >= 45", dose = "28 mcg/day"',
        'when = "weight >= 45"',
        "phases[0].orders[0].dose",
        'has no dose; give the dose, or evidence = "local" where no source gives one',
        '[[phases.orders]]\nid = "blinatumomab"',
    ),
    (
        'frequency = "every 6 h x 4"',
        'frequency = "every 6 h"',
        "phases[1].orders[1].frequency",
        'cannot read the frequency "every 6 h"; write for example "twice daily" or "every 12 h x 6"',
    ),
    (
        'dose = "15 mg/m2"\ndays = "2"\nfrequency = "every 6 h x 4"',
        'dose = "15 mg/m2"\ndays = "2, 3"\nfrequency = "every 6 h x 5"',
        "phases[1].orders[1].frequency",
        "the run of 5 doses takes 24 h and has not ended when the next one starts; days name the first day of each run",
        'frequency = "every 6 h x 5"',
    ),
    (
        'days = "0"\nevidence = "local"',
        'dose = "2 mg"\ndays = "0"\nevidence = "local"',
        "phases[2].orders[1].dose",
        "evidence local means that no source gives a dose; leave the dose out or name its source",
    ),
    (
        'note = "No source gives the dose."\n',
        "",
        "phases[2].orders[1].references",
        "needs a reference; without one the evidence is unverified or local and a note says why",
        '[[phases.orders]]\nid = "vincristine"',
    ),
    (
        'references = ["R2"]\npatient_note',
        'references = ["R3"]\npatient_note',
        "phases[0].orders[1].references[0]",
        'there is no reference "R3" under [references]',
    ),
    ('phase = "chemo"', 'phase = "chem"', "decisions[0].phase", 'there is no phase "chem"; did you mean "chemo"?'),
    ("cycle = 1\n", "cycle = 2\n", "decisions[0].cycle", "cycle 2 does not exist; chemo has at most 1"),
    ("day = 22\n", "day = 23\n", "decisions[0].day", "day 23 lies beyond the phase: cycle 1 has 21 days"),
    ("day = 22\n", "day = 0\n", "decisions[0].day", "there is no Day 0 in chemo"),
    ('expected = "cr"', 'expected = "pr"', "decisions[0].expected", '"pr" is not one of its choices: cr, no'),
    (
        'url = "https://example.org/r1"',
        'url = "example.org"',
        "references.R1.url",
        '"example.org" must be an address that starts with https://',
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=[f"{case[2]}-{number}" for number, case in enumerate(WRONG)])
def test_one_mistake_is_one_sentence_with_its_line(case):
    old, new, place, message, *at = case
    text = change(GOOD, old, new)
    if at:
        line = text[: text.index(at[0], 0 if text.count(at[0]) == 1 else text.index(new))].count("\n") + 1
    else:
        pairs = enumerate(zip(GOOD.split("\n"), text.split("\n"), strict=False), 1)
        line = next(number for number, (before, after) in pairs if before != after)
    assert problems(text) == [f"sample.toml:{line}: {place}: {message}"]


SEVERAL = [
    (
        [("cycle_lengths = { 3 = 35 }", "cycle_lengths = { 1 = 27 }")],
        [
            "51: phases[0].orders[0].days: day 28 lies beyond the phase: cycle 1 has 27 days and ends with day 27",
            "73: phases[0].assessments[0].days: day 43 lies beyond the phase: cycle 1 has 27 days and ends with day 27",
        ],
    ),
    (
        [('evidence = "trial"\nreferences = ["R1"]\npatient_words', 'evidence = "trial"\npatient_words')],
        ["69: phases[0].assessments[0].references: evidence trial needs a reference"],
    ),
    (
        [
            (
                '{ id = "no", title = "No" }]\nevidence = "trial"\nreferences = ["R1"]\n',
                '{ id = "no", title = "No" }]\nevidence = "label"\n',
            )
        ],
        ["155: decisions[0].references: evidence label needs a reference"],
    ),
    (
        [
            ('duration = "24 h"\n', 'duration = "24 h"\ntiming = "1 h after end of leucovorin"\n'),
            ('days = "2"\nfreq', 'duration = "1 h"\ndays = "2"\nfreq'),
        ],
        [
            "96: phases[1].orders[0].timing: waits in a circle: methotrexate after leucovorin after methotrexate",
            "111: phases[1].orders[1].timing: waits in a circle: leucovorin after methotrexate after leucovorin",
        ],
    ),
    (
        [("course = [", "course = [" + '"chemo", ' * 200)],
        ["14: course: holds at most 200"],
    ),
    (
        [('version = "2"\n', ""), ('population = "Adults"', 'popluation = "Adults"')],
        [
            "1: version: is missing",
            "1: population: is missing",
            '5: popluation: is not a key of this format; did you mean "population"?',
        ],
    ),
    (
        [('"blina 1-2", ', '"blina 1-5", ')],
        [
            "14: course[0]: cycle 5 does not exist; blina has at most 4",
            "14: course[2]: cycle 3 of blina is already in the course",
        ],
    ),
    (
        [('start = "after blina + 7 days"', 'start = "after maintenance"')],
        [
            "85: phases[1].start: waits in a circle: the phase would start after itself",
            "130: phases[2].start: waits in a circle: the phase would start after itself",
            "132: phases[2].ends[0].until: chemo starts only when this phase has ended",
        ],
    ),
    (
        [('dose = "1 g/m2"\n', "")],
        [
            '87: phases[1].orders[0].dose: has no dose; give the dose, or evidence = "local" where no source gives one',
            "92: phases[1].orders[0].cap: a cap needs a dose",
            "96: phases[1].orders[0].escalation: there is no dose to add to",
        ],
    ),
    (
        [('duration = "24 h"\n', ""), ('cycles = "1, 3"', 'cycles = "1 3"')],
        [
            '63: phases[0].orders[1].cycles: cannot read the cycles "1 3"; write for example "1", "1, 3" or "2-4"',
            f"108: phases[1].orders[1].timing: {NO_END}",
        ],
    ),
    (
        # A phase whose own keys are broken still has its orders checked, and its name stays known.
        [("cycle_days = 21", 'cycle_days = "21"'), ('agent = "leucovorin"', 'agent = "leucovorine"')],
        [
            "84: phases[1].cycle_days: must be a whole number",
            '103: phases[1].orders[1].agent: unknown agent "leucovorine"; did you mean "leucovorin"?',
        ],
    ),
    (
        # An order that cannot be read stays known to those that hang on it.
        [('dose = "1 g/m2"', "dose = 1"), ("day = 22\n", "day = 0\n")],
        [
            "92: phases[1].orders[0].dose: must be text in quotes",
            "160: decisions[0].day: there is no Day 0 in chemo",
        ],
    ),
    (
        [('id = "chemo"\n', 'id = "blina"\n')],
        [
            '14: course[1]: there is no phase "chemo"',
            '82: phases[1].id: the id "blina" stands here a second time',
            "85: phases[1].start: waits in a circle: the phase would start after itself",
            '130: phases[2].start: there is no phase "chemo"',
            '132: phases[2].ends[0].until: there is no phase "chemo"',
            '158: decisions[0].phase: there is no phase "chemo"',
        ],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), SEVERAL)
def test_all_problems_are_told_at_once_in_the_order_of_the_file(changes, expected):
    text = GOOD
    for old, new in changes:
        text = change(text, old, new)
    assert problems(text) == [f"sample.toml:{line}" for line in expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "a"\nid = "b"\n', "sample.toml:2: Cannot overwrite a value"),
        ('id = "a"\ntitle = "b\n', "sample.toml:2: Illegal character '\\n'"),
        ("[references]\n[references]\n", "sample.toml:2: Cannot declare ('references',) twice"),
        ("id = ", "sample.toml:1: Invalid value"),
    ],
)
def test_broken_syntax_and_doubled_keys_are_told_with_their_line(text, message):
    assert problems(text) == [message]


def test_assessments_and_decisions_may_fall_on_the_day_after_the_last_one_orders_may_not():
    assert problems(GOOD) == []  # marrow on day 43 of 42, the decision on day 22 of 21
    assert problems(change(GOOD, 'days = "1"\ncycles', 'days = "43"\ncycles')) != []


def test_a_phase_whose_numbers_run_on_knows_no_day_before_its_first_but_negative_ones():
    text = change(GOOD, "cycle_days = 21\n", "cycle_days = 21\nfirst_day = 36\n")
    text = change(text, 'days = "2"\n', 'days = "36"\n')
    text = change(text, "day = 22\nneeds", "day = 57\nneeds")
    text = change(text, 'days = "-7:2/4"', 'days = "-7:-3/4"')
    assert [problem.split(": ", 1)[1] for problem in problems(text)] == [
        "phases[1].orders[2].days: day 8 lies before day 36, the first of this phase"
    ]
    assert problems(change(text, 'days = "8"', 'days = "43"')) == []


def test_unverified_and_local_orders_need_a_note_where_they_have_no_reference():
    bare = change(GOOD, 'evidence = "secondary"\nreferences = ["R1"]\n', 'evidence = "unverified"\n')
    assert [problem.split(": ")[1] for problem in problems(bare)] == ["phases[1].orders[2].references"]
    assert problems(change(bare, 'evidence = "unverified"\n', 'evidence = "unverified"\nnote = "Common use."\n')) == []


def test_supportive_orders_may_stand_without_a_dose():
    assert problems(change(GOOD, 'dose = "20 mg"\n', "")) == []


def test_a_file_with_only_what_must_stand_is_enough():
    text = """
id = "bare"
title = "Bare"
version = "1"
status = "retired"
disease = "D"
population = "P"
entry = [{ text = "Everybody" }]
references.R1.text = "Source"
[[variants]]
id = "v"
question = "?"
default = "a"
choices = [{ id = "a", title = "A" }, { id = "b", title = "B" }]
[[phases]]
id = "p"
title = "P"
cycle_days = 7
ends = [{ until = "1 month after p day 1" }]
orders = [{ id = "o", agent = "tbi", role = "supportive", route = "PO", days = "1", evidence = "local", note = "n" }]
assessments = [{ id = "a", title = "A", days = "1", evidence = "local" }]
[[phases]]
id = "q"
title = "Q"
cycle_days = 1
[[phases.orders]]
id = "o"
agent = "tbi"
role = "rescue"
route = "IV"
days = "1"
evidence = "label"
references = ["R1"]
bands = [{ when = "age > 1", dose = "1 mg" }, { dose = "2 mg" }]
[[decisions]]
id = "d"
question = "?"
phase = "p"
day = 1
expected = "a"
choices = [{ id = "a", title = "A" }, { id = "b", title = "B" }]
evidence = "unverified"
"""
    protocol, found = read(text)
    assert [str(problem) for problem in found] == []
    assert build_protocol(text) == protocol
    assert (protocol.decisions[0].cycle, protocol.phases[0].cycles, protocol.phases[1].orders[0].doses_per_day) == (
        1,
        1,
        1,
    )


def test_a_file_that_was_told_a_problem_is_never_half_read():
    protocol, found = read(change(GOOD, 'cap = "2 g"', 'cap = "2 units"'))
    assert protocol is None
    assert len(found) == 1
    assert replace(found[0], line=0).line == 0


def test_a_decision_has_an_id_of_its_own_in_its_phase() -> None:
    _, problems = read_protocol(GOOD.replace('id = "it-mtx"', 'id = "response"'), "sample.toml", AGENTS)
    assert [problem.message for problem in problems] == [
        'chemo already has "response"; a decision needs an id of its own'
    ]
