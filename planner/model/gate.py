"""What a phase or a day of a cycle waits for: "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L", shown as it is written.

Each part compares a result with a number in one of its units, its own where none is written, or is words in quotes,
which only people can judge.
"""

import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from planner.model.condition import ALWAYS, Clause, Condition
from planner.model.fact_words import NAMES
from planner.model.quantity import plain
from planner.model.results import RESULTS, number_in_its_unit, units_of

START_GATE = "start-gate"
"""The id of the check on the first day of a block whose phase has a gate."""
_AND = r' and (?=(?:[^"]*"[^"]*")*[^"]*$)'
"""Outside quotes."""
_TERM = (
    r"(?P<name>[A-Za-z][A-Za-z0-9 -]*?) ?(?P<op>≥|≤|>=|<=|>|<) ?(?P<number>\d{1,9}(?:\.\d{1,9})?)(?: ?(?P<unit>\D.*))?"
)
_WORDS = r'"[^"\s](?:[^"]*[^"\s])?"'
_PLAIN = {"≥": ">=", "≤": "<="}
_CODES: Mapping[str, str] = {name.casefold(): code for code, name in NAMES.items() if code in RESULTS} | {
    code.replace("-", " "): code for code in RESULTS
}
"""The codes of results by their names and by themselves, hyphens as spaces. Of two of one name the one that is no
multiple of the upper limit: the unit tells the other."""


def parse_gate(text: str) -> Condition:
    """What a gate asks of results; its words in quotes ask nothing. ValueError for what is neither."""
    clauses = [] if not text else [_term(part.strip()) for part in re.split(_AND, text)]
    found = tuple(clause for clause in clauses if clause is not None)
    return Condition((found,)) if found else ALWAYS


@lru_cache(maxsize=256)
def asked_by(gate: str) -> Condition:
    """The same of a protocol's gate, where plans may keep one of a time when gates were any words: it asks nothing."""
    try:
        return parse_gate(gate)
    except ValueError:
        return ALWAYS


def _term(text: str) -> Clause | None:
    if re.fullmatch(_WORDS, text):
        return None
    found = re.fullmatch(_TERM, text)
    if not found:
        raise ValueError(
            f'cannot read "{text}" of the gate; write for example "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L", '
            'and what is no result in quotes: "no fever"'
        )
    code = _code(found["name"])
    read = number_in_its_unit(code, Decimal(found["number"]), (found["unit"] or "").replace("⁹", "^9"))
    if read is None:
        joined = '; "and" joins the parts' if "," in text else ""
        raise ValueError(f'"{text}": {found["name"]} is read in {" or ".join(units_of(code))}{joined}')
    return Clause(read[0], _PLAIN.get(found["op"], found["op"]), (plain(read[1]),))


def _code(name: str) -> str:
    folded = name.casefold().replace("-", " ")
    if folded in _CODES:
        return _CODES[folded]
    close = difflib.get_close_matches(folded, _CODES, 1)
    meant = f'; did you mean "{close[0]}"?' if close else ""
    raise ValueError(f'"{name}" is no result that can be recorded{meant}')
