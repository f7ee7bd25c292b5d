"""Several mistakes at once: the changes, and every sentence in the order of the file."""

from tests.content.mistakes_in_orders import NO_END

SEVERAL = [
    (
        [("cycle_lengths = { 3 = 35 }", "cycle_lengths = { 1 = 27 }")],
        [
            "51: phases[0].orders[0].days: day 28 lies beyond the phase: cycle 1 has 27 days and ends with day 27",
            "75: phases[0].assessments[0].days: day 43 lies beyond the phase: cycle 1 has 27 days and ends with day 27",
        ],
    ),
    (
        [('evidence = "trial"\nreferences = ["R1"]\npatient_words', 'evidence = "trial"\npatient_words')],
        ["71: phases[0].assessments[0].references: evidence trial needs a reference"],
    ),
    (
        [
            (
                '{ id = "no", title = "No" }]\nevidence = "trial"\nreferences = ["R1"]\n',
                '{ id = "no", title = "No" }]\nevidence = "label"\n',
            )
        ],
        ["170: decisions[0].references: evidence label needs a reference"],
    ),
    (
        [
            ('duration = "24 h"\n', 'duration = "24 h"\ntiming = "1 h after end of leucovorin"\n'),
            ('days = "2"\nfreq', 'duration = "1 h"\ndays = "2"\nfreq'),
        ],
        [
            "98: phases[1].orders[0].timing: waits in a circle: methotrexate after leucovorin after methotrexate",
            "114: phases[1].orders[1].timing: waits in a circle: leucovorin after methotrexate after leucovorin",
            "127: phases[1].orders[2].goes_with: methotrexate itself follows another order; name that one",
            "137: phases[1].assessments[0].goes_with: methotrexate itself follows another order; name that one",
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
            "87: phases[1].start: waits in a circle: the phase would start after itself",
            "145: phases[2].start: waits in a circle: the phase would start after itself",
            "147: phases[2].ends[0].until: chemo starts only when this phase has ended",
        ],
    ),
    (
        [('dose = "1 g/m2"\n', "")],
        [
            '89: phases[1].orders[0].dose: has no dose; give the dose, or evidence = "local" where no source gives one',
            "94: phases[1].orders[0].cap: a cap needs a dose",
            "99: phases[1].orders[0].escalation: there is no dose to add to",
        ],
    ),
    (
        [('duration = "24 h"\n', ""), ('cycles = "1, 3"', 'cycles = "1 3"')],
        [
            '63: phases[0].orders[1].cycles: cannot read the cycles "1 3"; write for example "1", "1, 3" or "2-4"',
            f"111: phases[1].orders[1].timing: {NO_END}",
        ],
    ),
    (
        # A phase whose own keys are broken still has its orders checked, and its name stays known.
        [("cycle_days = 21", 'cycle_days = "21"'), ('agent = "leucovorin"', 'agent = "leucovorine"')],
        [
            "86: phases[1].cycle_days: must be a whole number",
            '106: phases[1].orders[1].agent: unknown agent "leucovorine"; did you mean "leucovorin"?',
        ],
    ),
    (
        # An order that cannot be read stays known to those that hang on it.
        [('dose = "1 g/m2"', "dose = 1"), ("day = 22\n", "day = 0\n")],
        [
            "94: phases[1].orders[0].dose: must be text in quotes",
            "175: decisions[0].day: there is no Day 0 in chemo",
        ],
    ),
    (
        [('id = "chemo"\n', 'id = "blina"\n')],
        [
            '14: course[1]: there is no phase "chemo"',
            '84: phases[1].id: the id "blina" stands here a second time',
            "87: phases[1].start: waits in a circle: the phase would start after itself",
            '145: phases[2].start: there is no phase "chemo"',
            '147: phases[2].ends[0].until: there is no phase "chemo"',
            '173: decisions[0].phase: there is no phase "chemo"',
        ],
    ),
]
