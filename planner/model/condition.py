"""Conditions of protocols and rules: "age < 55 and cns in CNS1 | CNS2", judged against the facts of a patient.

A condition is a tuple of clauses that must all hold. A fact nobody recorded gives None ("cannot tell"), never False.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

_CLAUSE = re.compile(r"^(?P<subject>[a-z0-9_.-]+) (?P<op>=|!=|<=|>=|<|>|in) (?P<values>\S.*)$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")

Fact = Decimal | str


class Clause(Struct, frozen=True):
    """One comparison. `values` holds several entries only for `in`."""

    subject: str
    op: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.subject} {self.op} {' | '.join(self.values)}"

    def holds(self, facts: Mapping[str, Fact]) -> bool | None:
        """True, False, or None where the fact is missing."""
        fact = facts.get(self.subject)
        if fact is None or fact == "":
            return None
        if self.op in ("=", "!=", "in"):
            same = any(_same(fact, value) for value in self.values)
            return not same if self.op == "!=" else same
        if isinstance(fact, str):
            return None
        limit = Decimal(self.values[0])
        return {"<": fact < limit, "<=": fact <= limit, ">": fact > limit, ">=": fact >= limit}[self.op]


class Condition(Struct, frozen=True):
    """Clauses that must all hold; no clause at all always holds."""

    clauses: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return " and ".join(str(clause) for clause in self.clauses)

    def __bool__(self) -> bool:
        return bool(self.clauses)

    def holds(self, facts: Mapping[str, Fact]) -> bool | None:
        """False as soon as one clause fails; else None if one cannot be told; else True."""
        verdicts = [clause.holds(facts) for clause in self.clauses]
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def unknown(self, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        """The facts somebody has to record before this condition can be judged."""
        return tuple(clause.subject for clause in self.clauses if clause.holds(facts) is None)


ALWAYS = Condition()


def parse_condition(text: str) -> Condition:
    """Read "age >= 60 and ph = positive"; ValueError names the clause that cannot be read."""
    if not text.strip():
        return ALWAYS
    return Condition(tuple(_parse_clause(part.strip()) for part in text.split(" and ")))


def _parse_clause(text: str) -> Clause:
    found = _CLAUSE.match(text)
    if not found:
        raise ValueError(f'cannot read the condition "{text}"; write for example "age < 55" or "cns in CNS1 | CNS2"')
    op, values = found["op"], tuple(value.strip() for value in found["values"].split("|"))
    if op != "in" and len(values) > 1:
        raise ValueError(f'"{text}": only "in" takes several values')
    if op in ("<", "<=", ">", ">=") and not _NUMBER.match(values[0]):
        raise ValueError(f'"{text}": {op} needs a number')
    return Clause(found["subject"], op, values)


def _same(fact: Fact, value: str) -> bool:
    if isinstance(fact, str):
        return fact.casefold() == value.casefold()
    return bool(_NUMBER.match(value)) and fact == Decimal(value)
