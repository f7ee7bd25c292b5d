"""What conditions may ask about, so that a mistyped fact is told instead of never holding.

Numbers and sex come from the patient's own data, markers from what the clinic records. A file may name further markers
in `facts = [...]`; answers to the file's own variants and decisions are asked as variant.<id> and decision.<id>.
"""

import difflib
from collections.abc import Iterator, Mapping

from planner.content.condition_sense import beyond_belief, never_holds
from planner.content.intake import Located, Walk
from planner.model.condition import Clause, parse_condition
from planner.model.patient import AGE_AT_ENTRY
from planner.model.results import RESULTS
from planner.model.sentence import Sentence

NUMBERS = ("age", "weight", "bsa", *RESULTS)
"""Completed years, kg, m2, and the newest result of each code (`crcl` also by Cockcroft-Gault)."""

_SIGN = ("positive", "negative")
_SAID = ("yes", "no")
_METABOLISER = ("normal", "intermediate", "poor")
MARKERS: Mapping[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "ph": _SIGN,
    "ph-like": _SIGN,
    "t315i": _SIGN,
    "cd19": _SIGN,
    "cd20": _SIGN,
    "cd22": _SIGN,
    "mrd": _SIGN,
    "cns": ("CNS1", "CNS2", "CNS3"),
    "testicular": _SIGN,
    "extramedullary": _SIGN,
    "down-syndrome": _SAID,
    "lineage": ("B", "T"),
    "tpmt": _METABOLISER,
    "nudt15": _METABOLISER,
    "g6pd": ("normal", "deficient"),
    "hbsag": _SIGN,
    "anti-hbc": _SIGN,
    "anti-hbs": _SIGN,
    "child-pugh": ("none", "A", "B", "C"),
    "third-space": _SAID,
    "acute-infection": _SAID,
    "marrow-aplasia": _SAID,
    "urinary-infection": _SAID,
    "urinary-obstruction": _SAID,
    "asparaginase-pancreatitis": _SAID,
    "asparaginase-thrombosis": _SAID,
    "asparaginase-haemorrhage": _SAID,
    "remission": _SAID,
    "trial": _SAID,
    "hcv": _SIGN,
    "hiv": _SIGN,
    "pregnancy-test": _SIGN,
    "childbearing-potential": _SAID,
}
"""Facts in words with their values, as the patient's `markers` hold them."""


def _bare(name: str) -> str:
    return name.replace("-", "").replace("_", "")


_ASKS = ("when", "unless", "only_if", "only_where", "contraindicated_where", "clears", "must")

_ALIKE = {_bare(name): name for name in MARKERS}
"""Each known marker by its letters and digits alone: "anti_hbc" and "antihbc" are slips for "anti-hbc"."""

Answers = Mapping[str, frozenset[str]]
"""Subjects that a file declares itself, such as variant.it-interim, with the ids of their choices."""


OF_A_PLACEMENT = (AGE_AT_ENTRY,)
"""Numbers that only the phases of a placed protocol know: completed years on its first day."""


def marker_problem(name: str, value: str) -> str:
    """Why this marker of a patient cannot be meant; empty where it can.

    A value that no condition asks for would count as "no" without a word, a name that is nearly a known one as nothing.
    """
    if name in RESULTS:
        unit = RESULTS[name][0]
        told = 'is no marker but a result; put it among the labs, with its day, code "{name}" and unit "{unit}"'
        return Sentence(told, name=name, unit=unit)
    if name in (*NUMBERS, *OF_A_PLACEMENT, "sex"):
        return Sentence("is no marker; it follows from the rest of the file")
    if name not in MARKERS:
        meant = _ALIKE.get(_bare(name))
        return Sentence('no rule knows this name; did you mean "{meant}"?', meant=meant) if meant else ""
    known = MARKERS[name]
    if value.casefold() in [word.casefold() for word in known]:
        return ""
    told = '"{value}" is not one of {known}; leave the marker out while it is unknown'
    return Sentence(told, value=value, known=", ".join(known))


def condition_problems(everything: Walk, answers: Answers, further: frozenset[str]) -> Iterator[Located]:
    """Every clause anywhere in the file that asks for an unknown fact or for a value the fact never has."""
    for path, value in everything:
        if path[-1] not in _ASKS or not isinstance(value, str):
            continue
        try:
            condition = parse_condition(value)
        except ValueError:
            continue  # told with the shape
        if message := never_holds(condition):
            yield path, message
        known = further - frozenset(OF_A_PLACEMENT) if path[0] == "entry" else further
        for clause in condition.clauses:
            if message := _clause_problem(clause, answers, known):
                yield path, message


def _clause_problem(clause: Clause, answers: Answers, further: frozenset[str]) -> str:
    if clause.subject in NUMBERS or (clause.subject in OF_A_PLACEMENT and clause.subject in further):
        return _number_problem(clause)
    values: frozenset[str]
    if clause.subject in answers:
        values = answers[clause.subject]
    elif clause.subject in MARKERS:
        values = frozenset(MARKERS[clause.subject])
    elif clause.subject in further:
        values = frozenset()
    elif clause.subject in OF_A_PLACEMENT:
        return f'"{clause.subject}" is known to the phases of a placed protocol only; ask for age'
    else:
        return _unknown_subject(clause.subject, answers, further)
    if clause.op in ("<", "<=", ">", ">="):
        return f'"{clause}": {clause.subject} is no number and knows only =, != and in'
    known = {value.casefold() for value in values}
    strange = [value for value in clause.values if known and value.casefold() not in known]
    return f'"{clause}": {clause.subject} is never "{strange[0]}", but {" or ".join(sorted(values))}' if strange else ""


def _number_problem(clause: Clause) -> str:
    for value in clause.values:
        if not value.replace(".", "", 1).isdecimal():
            return f'"{clause}": {clause.subject} is a number, "{value}" is none'
    return beyond_belief(clause)


def _unknown_subject(subject: str, answers: Answers, further: frozenset[str]) -> str:
    known = sorted({*NUMBERS, *MARKERS, *answers, *further})
    close = difflib.get_close_matches(subject, known, 1)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(known)}; add yours to facts"
    return f'nobody records the fact "{subject}"; {hint}'
