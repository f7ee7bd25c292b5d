"""Conditions of protocols and rules: "age < 55 and cns in CNS1 | CNS2", judged against the facts of a patient.

A condition is clauses joined by "and", or several such groups joined by "or"; "and" binds tighter. A fact nobody
recorded gives None ("cannot tell"), never False.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

# Texts, which `re` compiles and keeps when they are first used: a start must not wait for them.
_CLAUSE = r"^(?P<subject>[a-z0-9_.-]+) (?P<op>=|!=|<=|>=|<|>|in) (?P<values>\S.*)$"
_NUMBER = r"^-?\d+(\.\d+)?$"

Fact = Decimal | str

PENDING = "pending"
"""What a decision that is not due yet answers to an order."""


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
    """Groups of clauses, one of which must hold whole; no group at all always holds."""

    groups: tuple[tuple[Clause, ...], ...] = ()

    def __str__(self) -> str:
        return " or ".join(" and ".join(str(clause) for clause in group) for group in self.groups)

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every comparison of every group: what the condition asks for."""
        return tuple(clause for group in self.groups for clause in group)

    def holds(self, facts: Mapping[str, Fact]) -> bool | None:
        """True as soon as one group holds; else None if one cannot be told; else False."""
        if not self.groups:
            return True
        verdicts = [_all_hold(group, facts) for group in self.groups]
        if True in verdicts:
            return True
        return None if None in verdicts else False

    def unknown(self, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        """The facts somebody has to record before this condition can be judged; none where it already can."""
        if self.holds(facts) is not None:
            return ()
        open_groups = [group for group in self.groups if _all_hold(group, facts) is None]
        missing = [clause.subject for group in open_groups for clause in group if clause.holds(facts) is None]
        return tuple(dict.fromkeys(missing))


ALWAYS = Condition()


@lru_cache(maxsize=2048)
def parse_condition(text: str) -> Condition:
    """Read "age >= 60 and ph = positive or age >= 70"; ValueError names the clause that cannot be read."""
    if not text.strip():
        return ALWAYS
    return Condition(
        tuple(tuple(_parse_clause(part.strip()) for part in group.split(" and ")) for group in text.split(" or "))
    )


def _all_hold(group: tuple[Clause, ...], facts: Mapping[str, Fact]) -> bool | None:
    """False as soon as one clause fails; else None if one cannot be told; else True."""
    verdicts = [clause.holds(facts) for clause in group]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _parse_clause(text: str) -> Clause:
    found = re.match(_CLAUSE, text)
    if not found:
        raise ValueError(
            f'cannot read the condition "{text}"; write for example "age < 55" or "cns in CNS1 | CNS2", '
            'with one "=", joined by and, or, without brackets'
        )
    op, values = found["op"], tuple(value.strip() for value in found["values"].split("|"))
    if op != "in" and len(values) > 1:
        raise ValueError(f'"{text}": only "in" takes several values')
    if op in ("<", "<=", ">", ">=") and not re.match(_NUMBER, values[0]):
        raise ValueError(f'"{text}": {op} needs a number')
    return Clause(found["subject"], op, values)


def _same(fact: Fact, value: str) -> bool:
    if isinstance(fact, str):
        return fact.casefold() == value.casefold()
    return bool(re.match(_NUMBER, value)) and fact == Decimal(value)
