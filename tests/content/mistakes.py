"""One mistake in the sample file at a time: what is changed, into what, where it is told and in which words."""

CANNOT_START = (
    'cannot read the start "next week"; write "protocol start", "after x", "after x + 7 days" or "x day 57" '
    "with the id of another phase"
)
CANNOT_WAIT = (
    'cannot read "counts recovered" of the gate; write for example "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L", '
    'and what is no result in quotes: "no fever"'
)
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
    ('use = "for', 'cycle_days = "for', "cycle_days", "is a key of this format, but of another place in it"),
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
        (
            'cannot read the condition "age over 18"; write for example "age < 55" or "cns in CNS1 | CNS2", '
            'with one "=", joined by and, or, without brackets'
        ),
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
        'only_if = "decision.response = cr"',
        'only_if = "decision.response = pr"',
        "phases[2].only_if",
        '"decision.response = pr": decision.response is never "pr", but cr or no or pending',
    ),
    (
        'choices = [{ id = "cr", title = "Yes" }, { id = "no", title = "No" }]',
        'choices = [{ id = "cr", title = "Yes" }]',
        "decisions[0].choices",
        "needs at least 2, has 1",
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
        'id = "marrow"',
        'id = "dexamethasone"',
        "phases[0].assessments[0].id",
        'the id "dexamethasone" is already an order of this phase',
    ),
    (
        'days = "-3, 43"',
        'days = "-3, 44"',
        "phases[0].assessments[0].days",
        "day 44 lies beyond the phase: cycle 1 has 42 days and ends with day 42",
    ),
    (
        'marks = ["trial"]',
        'superseded_by = "heir"',
        "superseded_by",
        'stands only beside status = "superseded"',
    ),
    ('marks = ["trial"]', 'marks = ["study"]', "marks[0]", "\"study\" is not one of 'label', 'off-label' or 'trial'"),
    ('phase = "chemo"', 'phase = "chem"', "decisions[0].phase", 'there is no phase "chem"; did you mean "chemo"?'),
    ("cycle = 1\n", "cycle = 2\n", "decisions[0].cycle", "cycle 2 does not exist; chemo has at most 1"),
    ("day = 22\n", "day = 23\n", "decisions[0].day", "day 23 lies beyond the phase: cycle 1 has 21 days"),
    ("day = 22\n", "day = 0\n", "decisions[0].day", "there is no Day 0 in chemo"),
    (
        'days = "15"',
        'days = "15, 16"',
        "phases[1].assessments[0].days",
        "a gate stands on one day; give each day that waits an assessment of its own",
    ),
    (
        'gate = "ANC ≥ 0.75 × 10⁹/L"\nreferences',
        'gate = "counts recovered"\nreferences',
        "phases[0].gate",
        CANNOT_WAIT,
    ),
    (
        'gate = "ANC ≥ 0.75 × 10⁹/L"\ngoes_with',
        'gate = "ANC ≥ 7500 × 10⁹/L"\ngoes_with',
        "phases[1].assessments[0].gate",
        '"anc >= 7500": anc is counted in 10^9/L; no number above 5,000 can be meant',
    ),
    (
        'gate = "ANC ≥ 0.75 × 10⁹/L"\ngoes_with',
        'gate = "ANC ≥ 1 and ANC < 1"\ngoes_with',
        "phases[1].assessments[0].gate",
        '"anc >= 1 and anc < 1" never holds: no anc is all of that',
    ),
    (
        'when = "age >= 18"',
        'when = "age_at_entry >= 18"',
        "entry[0].when",
        '"age_at_entry" is known to the phases of a placed protocol only; ask for age',
    ),
    (
        'only_if = "decision.response = cr"',
        'only_if = "age_at_entry = old"',
        "phases[2].only_if",
        '"age_at_entry = old": age_at_entry is a number, "old" is none',
    ),
    ('expected = "cr"', 'expected = "pr"', "decisions[0].expected", '"pr" is not one of its choices: cr, no'),
    (
        'url = "https://example.org/r1"',
        'url = "example.org"',
        "references.R1.url",
        '"example.org" must be an address that starts with https://',
    ),
]
