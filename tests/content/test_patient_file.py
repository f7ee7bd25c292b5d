"""Patient files: the contract's sample, the round trip, and every refusal by name and place."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.content.patient_file import build_patient, read_patient
from planner.content.patient_sense import body_problem
from planner.model.condition import parse_condition
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from tests.content.patient_json import patient_to_json

TODAY = date(2026, 3, 1)

SAMPLE = """{"id": "00123", "name": {"family": "Example", "given": "Ana"}, "birth_date": "1981-03-14", "sex": "female",
 "measurements": [{"date": "2026-01-02", "height_cm": "168", "weight_kg": "70.4"}],
 "labs": [{"date": "2026-01-02", "code": "creatinine", "value": "0.8", "unit": "mg/dL"}],
 "diagnosis": "B-ALL", "markers": {"ph": "positive", "cd19": "positive", "cns": "CNS1", "flt3": "itd"},
 "allergies": ["Penicillin"],
 "prior_exposures": [{"agent": "daunorubicin", "dose": "180", "unit": "mg/m2", "until": "2024-05-01"}],
 "co_medications": [{"agent": "posaconazole", "start": "2026-01-10", "end": "2026-02-01"}]}"""

EXPECTED = Patient(
    id="00123",
    family_name="Example",
    given_name="Ana",
    birth_date=date(1981, 3, 14),
    sex="female",
    measurements=(Measurement(date(2026, 1, 2), Decimal(168), Decimal("70.4")),),
    labs=(LabResult(date(2026, 1, 2), "creatinine", Decimal("0.8"), "mg/dL"),),
    diagnosis="B-ALL",
    markers=(("ph", "positive"), ("cd19", "positive"), ("cns", "CNS1"), ("flt3", "itd")),
    allergies=("Penicillin",),
    prior_exposures=(PriorExposure("daunorubicin", Decimal(180), "mg/m2", date(2024, 5, 1)),),
    co_medications=(CoMedication("posaconazole", date(2026, 1, 10), date(2026, 2, 1)),),
)


def problems(text):
    patient, found = read_patient(text, "ana.json", TODAY)
    assert (patient is None) == bool(found)
    return [str(problem) for problem in found]


def put(path, value):
    """The sample as JSON text with one value put in, as an object of the path's keys; None takes it out."""
    data = json.loads(SAMPLE)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(data)


def test_the_sample_is_read_to_the_letter():
    assert read_patient(SAMPLE, "ana.json", TODAY) == (EXPECTED, ())


def test_building_gives_what_reading_gives():
    assert build_patient(SAMPLE) == EXPECTED


def test_numbers_may_be_numbers_or_texts_and_stay_exact():
    text = SAMPLE.replace('"70.4"', "70.40").replace('"0.8"', "0.1000000000000000055").replace('"168"', "168")
    patient, found = read_patient(text, "ana.json", TODAY)
    assert found == ()
    assert str(patient.measurements[0].weight_kg) == "70.40"
    assert patient.labs[0].value == Decimal("0.1000000000000000055")


def test_only_four_things_must_stand():
    text = '{"id": "1", "name": {"family": "X"}, "birth_date": "2026-03-01", "sex": "male"}'
    assert read_patient(text, "x.json", TODAY) == (Patient("1", "X", "", TODAY, "male"), ())


def test_names_are_composed_so_that_the_same_name_is_the_same_text():
    loose = SAMPLE.replace("Example", "Mu\u0308ller").replace("Ana", "Ame\\u0301lie")
    patient, found = read_patient(loose, "x.json", TODAY)
    assert found == ()
    assert (patient.family_name, patient.given_name) == ("Müller", "Amélie")


@pytest.mark.parametrize("name", ["Łukasiewicz", "王", "O'Brien <b>", "می\u200cخواهم", "Ng", "1E5", "=1+1", "NULL"])
def test_names_of_all_scripts_are_kept_as_written(name):
    assert read_patient(put(["name", "family"], name), "x.json", TODAY)[0].family_name == name


REFUSED = [
    (["id"], 123, "id: must be text in quotes"),
    (["id"], "", 'id: "" must be one line of text without spaces at its ends'),
    (["id"], "12\u202e3", "id: holds the hidden character U+202E (right-to-left override); take it out"),
    (["name"], "Ana Example", "name: must be a table"),
    (["name", "family"], None, "name.family: is missing"),
    (["name", "family"], "Ex\u202eample", "name.family: holds the hidden character U+202E; take it out"),
    (["name", "middle"], "M", "name.middle: is not a key of this format"),
    (["birth_date"], "1981-3-14", 'birth_date: "1981-3-14" is not a date such as "1981-03-14"'),
    (["birth_date"], "14.03.1981", 'birth_date: "14.03.1981" is not a date such as "1981-03-14"'),
    (["birth_date"], "1981-02-30", 'birth_date: "1981-02-30" is no day of the calendar'),
    (["birth_date"], "2026-03-02", "birth_date: 2026-03-02 lies in the future"),
    (["birth_date"], "1881-03-14", "birth_date: 1881-03-14 is more than 130 years ago"),
    (["sex"], "F", "sex: \"F\" is not one of 'female', 'male', 'other' or 'unknown'"),
    (["sex"], None, "sex: is missing"),
    (
        ["measurements", 0, "height_cm"],
        1.68,
        "measurements[0].height_cm: 1.68 cm cannot be meant; it lies between 30 and 260 cm",
    ),
    (
        ["measurements", 0, "height_cm"],
        "44",
        (
            "measurements[0].height_cm: 44 cm and 70.4 kg cannot be one body; is a decimal point off, or are they in "
            "each other's place?"
        ),
    ),
    (
        ["measurements", 0, "height_cm"],
        "261",
        "measurements[0].height_cm: 261 cm cannot be meant; it lies between 30 and 260 cm",
    ),
    (
        ["measurements", 0, "weight_kg"],
        -70.4,
        "measurements[0].weight_kg: -70.4 kg cannot be meant; it lies between 1 and 400 kg",
    ),
    (
        ["measurements", 0, "weight_kg"],
        0,
        "measurements[0].weight_kg: 0 kg cannot be meant; it lies between 1 and 400 kg",
    ),
    (
        ["measurements", 0, "weight_kg"],
        "401",
        "measurements[0].weight_kg: 401 kg cannot be meant; it lies between 1 and 400 kg",
    ),
    (
        ["measurements", 0, "weight_kg"],
        "70,4",
        'measurements[0].weight_kg: "70,4" is not a number; write for example "70.4"',
    ),
    (
        ["measurements", 0, "weight_kg"],
        "1e2",
        'measurements[0].weight_kg: "1e2" is not a number; write for example "70.4"',
    ),
    (
        ["measurements", 0, "weight_kg"],
        "٧٠",
        'measurements[0].weight_kg: "٧٠" is not a number; write for example "70.4"',
    ),
    (["measurements", 0, "weight_kg"], True, 'measurements[0].weight_kg: must be a number or its text: 70.4 or "70.4"'),
    (["measurements", 0, "weight_kg"], None, "measurements[0].weight_kg: is missing"),
    (["measurements", 0, "date"], "2026-03-02", "measurements[0].date: 2026-03-02 lies in the future"),
    (["measurements", 0, "date"], "1981-03-13", "measurements[0].date: 1981-03-13 lies before the birth date"),
    (["labs", 0, "date"], "2026-03-02", "labs[0].date: 2026-03-02 lies in the future"),
    (["labs", 0, "value"], "0,8", 'labs[0].value: "0,8" is not a number; write for example "70.4"'),
    (["labs", 0, "value"], "-0.8", "labs[0].value: -0.8 is negative"),
    (
        ["labs", 0],
        {"date": "2026-01-09", "code": "creatinine", "value": "2.5", "unit": "µmol/L"},
        "labs[0].value: creatinine 2.5 µmol/L cannot be meant; it lies between 0.1 and 40 mg/dL; is the unit right?",
    ),
    (
        ["labs", 0],
        {"date": "2026-01-09", "code": "platelets", "value": "75000", "unit": "10^9/L"},
        "labs[0].value: platelets 75000 10^9/L cannot be meant; it lies between 0 and 5000 10^9/L; is the unit right?",
    ),
    (
        ["labs", 0],
        {"date": "2026-01-09", "code": "crs", "value": "6", "unit": "grade"},
        "labs[0].value: crs 6 grade cannot be meant; it lies between 0 and 5 grade; is the unit right?",
    ),
    (["labs", 0, "value"], 1e300, "labs[0].value: is a number out of all range"),
    (["prior_exposures", 0, "dose"], -1, "prior_exposures[0].dose: -1 is negative"),
    (
        ["prior_exposures", 0, "dose"],
        "500000",
        (
            "prior_exposures[0].dose: 500,000 mg/m2 of daunorubicin cannot be meant; "
            "at most 2,000 mg/m2 are taken: check number and unit"
        ),
    ),
    (["prior_exposures", 0, "until"], "2027-01-01", "prior_exposures[0].until: 2027-01-01 lies in the future"),
    (
        ["prior_exposures", 0, "agent"],
        "",
        'prior_exposures[0].agent: "" must be one line of text without spaces at its ends',
    ),
    (
        ["prior_exposures", 0, "agent"],
        "dox\u00adorubicin",
        "prior_exposures[0].agent: holds the hidden character U+00AD (soft hyphen); take it out",
    ),
    (["prior_exposures", 0, "unit"], 3, "prior_exposures[0].unit: must be text in quotes"),
    (["co_medications", 0, "end"], "2026-01-09", "co_medications[0].end: 2026-01-09 lies before its start 2026-01-10"),
    (["co_medication"], [], 'co_medication: is not a key of this format; did you mean "co_medications"?'),
    (
        ["markers", "ph"],
        "pos",
        'markers.ph: "pos" is not one of positive, negative; leave the marker out while it is unknown',
    ),
    (
        ["markers", "acute-infection"],
        "positive",
        'markers.acute-infection: "positive" is not one of yes, no; leave the marker out while it is unknown',
    ),
    (["markers", "anti_hbc"], "positive", 'markers.anti_hbc: no rule knows this name; did you mean "anti-hbc"?'),
    (
        ["markers", "vod"],
        "yes",
        'markers.vod: is no marker but a result; put it among the labs, with its day, code "vod" and unit "grade"',
    ),
    (
        ["labs", 0, "unit"],
        "mmol/L",
        'labs[0].unit: creatinine in "mmol/L" is not understood; write mg/dL or micromol/L',
    ),
    (["labs", 0, "unit"], "", "labs[0].unit: creatinine needs a unit: mg/dL or micromol/L"),
    (["markers", "age"], "50", "markers.age: is no marker; it follows from the rest of the file"),
    (["markers", "PH"], "positive", 'markers.PH: "PH" must be small letters, digits, hyphens and underscores'),
    (["markers", "ph"], 1, "markers.ph: must be text in quotes"),
    (["allergies"], "Penicillin", "allergies: must be a list"),
]


@pytest.mark.parametrize(("path", "value", "message"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_place(path, value, message):
    assert problems(put(path, value)) == [f"ana.json: {message}"]


@pytest.mark.parametrize("value", ["CNS1", "cns1"])
def test_marker_values_are_known_in_either_case(value):
    assert problems(put(["markers", "cns"], value)) == []


@pytest.mark.parametrize(
    ("height", "weight"), [("30", "1"), ("48", 2.4), (75.5, "8.9"), ("168", "400"), ("260", "400"), ("168", "15")]
)
def test_odd_but_possible_bodies_are_taken(height, weight):
    body = {"date": "2026-01-02", "height_cm": height, "weight_kg": weight}
    assert problems(put(["measurements", 0], body)) == []


def test_the_oldest_person_is_taken():
    assert problems(put(["birth_date"], "1896-01-01")) == []


def test_two_measurements_of_one_day_are_a_question():
    twin = json.loads(SAMPLE)
    twin["measurements"] *= 2
    assert problems(json.dumps(twin)) == [
        "ana.json: measurements[1].date: there is another measurement of 2026-01-02; keep the one that counts"
    ]


def test_all_problems_are_told_at_once():
    text = SAMPLE.replace('"female"', '"f"').replace('"70.4"', '"-70.4"').replace('"unit": "mg/dL"', '"units": "mg/dL"')
    assert [problem.split(": ")[1] for problem in problems(text)] == [
        "sex",
        "labs[0].unit",
        "labs[0].units",
        "measurements[0].weight_kg",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "1",\n "sex": "male", "id": "2"}', "x.json: id: stands twice"),
        ('{"name": {"family": "A", "family": "B"}}', "x.json: name.family: stands twice"),
        ('{"id": NaN}', "x.json: holds NaN, which is not a number"),
        ('{"id": [Infinity]}', "x.json: holds Infinity, which is not a number"),
        ('{"id": -Infinity}', "x.json: holds -Infinity, which is not a number"),
        ('{"id": 1' + "0" * 5000 + "}", "x.json: holds a number that is far too long"),
        ("[" * 100_000, "x.json: is nested too deeply"),
        ('{"a": ' * 12 + "1" + "}" * 12, "x.json: a.a.a.a.a.a.a.a.a.a: is nested too deeply"),
        ("[]", "x.json: must be one JSON object"),
        (" \n", "x.json: is empty; use another copy"),
        ("Ana", "x.json:1: is not JSON: Expecting value"),
        ('{"id": "1",\n', "x.json:2: is not JSON: Expecting property name enclosed in double quotes"),
        ('{"id": "1",}', None),
        ("\ufeff{}", "x.json:1: starts with a byte order mark; save it as plain UTF-8"),
        ('{"a\\u200b": 1}', "x.json: aU+200B: holds the hidden character U+200B (zero width space); take it out"),
        ("x" * 2_000_001, "x.json: is too long; it may hold at most 2,000,000 characters"),
    ],
)
def test_hostile_files_are_refused_in_one_line(text, message):
    patient, found = read_patient(text, "x.json", TODAY)
    assert patient is None
    assert len(found) == 1
    assert "\n" not in str(found[0])
    if message:
        assert str(found[0]) == message


def numbers(low, high):
    return st.decimals(low, high, places=2, allow_nan=False, allow_infinity=False)


DAYS = st.dates(date(2000, 1, 1), TODAY)
WORDS = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,5})?", fullmatch=True)
PLAIN = st.text(st.characters(categories=["L", "N", "P", "S"], codec="utf-8"), min_size=1, max_size=20)
SPANS = st.tuples(DAYS, st.none() | st.integers(0, 400))


@st.composite
def patients(draw):
    from datetime import timedelta
    from unicodedata import normalize

    spans = [
        CoMedication(agent, start, None if days is None else start + timedelta(days))
        for agent, (start, days) in draw(st.lists(st.tuples(WORDS, SPANS), max_size=3))
    ]
    return Patient(
        id=draw(PLAIN),
        family_name=normalize("NFC", draw(PLAIN)),
        given_name=normalize("NFC", draw(PLAIN | st.just(""))),
        birth_date=draw(st.dates(date(1930, 1, 1), date(2000, 1, 1))),
        sex=draw(st.sampled_from(["female", "male", "other", "unknown"])),
        measurements=tuple(
            draw(
                st.lists(
                    st.builds(Measurement, DAYS, numbers(30, 260), numbers(1, 400)).filter(
                        lambda one: not body_problem(one.height_cm, one.weight_kg)
                    ),
                    max_size=3,
                    unique_by=lambda m: m.date,
                )
            )
        ),
        labs=tuple(draw(st.lists(st.builds(LabResult, DAYS, WORDS, numbers(0, 9999), WORDS), max_size=3))),
        diagnosis=draw(PLAIN | st.just("")),
        markers=tuple(draw(st.dictionaries(WORDS.map(lambda word: f"x-{word}"), PLAIN, max_size=3)).items()),
        allergies=tuple(draw(st.lists(PLAIN, max_size=2))),
        prior_exposures=tuple(
            draw(st.lists(st.builds(PriorExposure, WORDS, numbers(0, 9999), WORDS, st.none() | DAYS), max_size=3))
        ),
        co_medications=tuple(spans),
    )


@given(patients())
def test_what_is_written_is_read_back_the_same(patient):
    text = json.dumps(patient_to_json(patient), ensure_ascii=False)
    assert read_patient(text, "x.json", TODAY) == (patient, ())


@pytest.mark.parametrize(("sex", "verdict"), [("female", False), ("male", True), ("other", None), ("unknown", None)])
def test_a_sex_that_is_neither_female_nor_male_leaves_a_condition_open(sex, verdict):
    patient, _ = read_patient(put(["sex"], sex), "x.json", TODAY)
    assert parse_condition("sex = male").holds(patient.facts_on(TODAY)) is verdict


def test_a_file_wrong_all_over_is_not_looked_into_further():
    """Hundreds of keys that nobody knows: what the values mean is asked once they are gone."""
    data = json.loads(SAMPLE) | {f"key_{number}": 1 for number in range(400)}
    data["prior_exposures"][0]["dose"] = "-1"
    found = problems(json.dumps(data))
    assert len(found) <= 301
    assert not any("is negative" in one for one in found)
