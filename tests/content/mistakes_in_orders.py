"""One mistake in the drug, dose or way of an order of the sample file at a time: told as in `mistakes`."""

NO_ROLE = (
    "\"assessment\" is not one of 'antineoplastic', 'cell therapy', 'intrathecal', 'premedication', 'supportive', "
    "'hydration', 'rescue' or 'growth factor'"
)
NO_END = 'methotrexate has no duration, so nobody knows when it ends; give it one or say "after start of"'
CHEMO = "phases[1].orders[0]"
WRONG_ORDERS = [
    (
        'agent = "blinatumomab"',
        'agent = "blinatumumab"',
        "phases[0].orders[0].agent",
        'unknown agent "blinatumumab"; did you mean "blinatumomab"?',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "MTX-names"',
        "phases[0].orders[0].agent",
        '"MTX-names" must be small letters, digits and single hyphens; write its id "methotrexate"',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "xyz"',
        "phases[0].orders[0].agent",
        'unknown agent "xyz"; add it to an agent file first',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "mtx-names"',
        "phases[0].orders[0].agent",
        'unknown agent "mtx-names"; did you mean "methotrexate"?',
    ),
    (
        'agent = "blinatumomab"',
        'agent = "trex"',
        "phases[0].orders[0].agent",
        'unknown agent "trex"; did you mean "methotrexate"?',
    ),
    (
        'dose = "15 mg/m2"',
        'dose = "1.500 mg/m2"',
        "phases[1].orders[1].dose",
        '"1.500 mg/m2" can be read in two ways; write no zero at the end behind the point, and no point in thousands',
    ),
    (
        'id = "leucovorin"',
        'id = "methotrexate"',
        "phases[1].orders[1].id",
        'the id "methotrexate" stands here a second time',
    ),
    (
        'dose = "1 g/m2"',
        'dose = "1 gram"',
        f"{CHEMO}.dose",
        '"1 gram" is not written as a dose is here; write "1 g"',
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
        'volume = "1000 mL"',
        'volume = "1000 mL"\nrate = "50 mL/h"',
        f"{CHEMO}.rate",
        "1,000 mL at 50 mL/h take 20 h, not 24 h; that would be 41.7 mL/h",
        'rate = "50 mL/h"\nwindow',
    ),
    (
        'volume = "1000 mL"',
        'volume = "1000 mL"\nconcentration = "5 mg/mL"',
        f"{CHEMO}.concentration",
        "stands beside the volume; give the one that the source states",
        'concentration = "5 mg/mL"',
    ),
    (
        'route = "IV"\ndose = "1 g/m2"',
        'route = "PO"\ndose = "1 g/m2"',
        f"{CHEMO}.volume",
        "a dose by the route PO has no volume that runs in",
        'volume = "1000 mL"',
    ),
    (
        (
            'dose = "1 g/m2"\ncap = "2 g"\ndays = "-7:2/4"\nduration = "24 h"\nvolume = "1000 mL"\nwindow = "-0/+2"\n'
            'escalation = "0.5 g/m2"'
        ),
        'dose = "1000 mL/m2"\ndays = "-7:2/4"\nduration = "24 h"\nvolume = "1000 mL"',
        f"{CHEMO}.volume",
        "the dose is in mL and is its own volume",
        'volume = "1000 mL"',
    ),
    (
        'concentration = "10 mg/mL"',
        'concentration = "10 mcg/mL"',
        "phases[1].orders[1].concentration",
        "is in mcg/mL, the dose is in mg",
    ),
    (
        'role = "rescue"\nroute = "IV"',
        'role = "rescue"\nroute = "PO"',
        "phases[1].orders[1].concentration",
        "a dose by the route PO has no volume that runs in",
        'concentration = "10 mg/mL"',
    ),
    (
        'duration = "15 min"\nrate',
        "rate",
        "phases[0].orders[1].rate",
        "nothing follows from a rate alone; give the volume or the duration too",
    ),
    (
        'role = "premedication"\nroute = "IV"',
        'role = "premedication"\nroute = "PO"',
        "phases[0].orders[1].rate",
        "a dose by the route PO has no rate",
        'rate = "200 mL/h"',
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
    (
        'dose = "0.1 mg/kg"',
        'dose = "0.1 mg/m2"',
        "phases[2].orders[3].weight",
        "no dose is given by kg, so no weight is needed",
        'weight = "ideal"',
    ),
    (
        'course_cap = "20 mg"',
        'course_cap = "20 units"',
        "phases[2].orders[3].course_cap",
        "the cap is in units, the dose is not",
    ),
    (
        'dose = "1 g/m2"',
        'dose = "1-2 g/m2"',
        "phases[1].orders[0].escalation",
        "nothing can be added to or by a range",
        'escalation = "0.5 g/m2"',
    ),
    (
        'dose = "1 g/m2"',
        'dose = "2-1 g/m2"',
        "phases[1].orders[0].dose",
        '"2-1 g/m2": a range runs from a smaller to a larger dose',
    ),
]
