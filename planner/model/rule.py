"""A sequencing rule as its file says it."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from planner.model.condition import ALWAYS, Condition
from planner.model.evidence import Evidence, Status
from planner.model.rule_values import Selectors


class RuleExample(Struct, frozen=True):
    """One case of a rule's own file: a small plan in events, and whether the rule must speak about it.

    `events` are lines "day agent dose route" such as "8 vincristine 2 mg IV"; day 1 is 1 January 2026.
    """

    finds: int
    events: tuple[str, ...]
    title: str = ""
    patient: tuple[tuple[str, str], ...] = ()
    co_medications: tuple[str, ...] = ()
    prior: tuple[str, ...] = ()


class SequencingRule(Struct, frozen=True):
    """One rule. `parameters` is the frozen parameter value of its kind (see checking.kinds).

    `when` and `unless` are asked on the first day of the plan; `unless` silences the rule once it is known to hold.
    Where it is not recorded whether `when` holds the rule cannot check, or, with `unrecorded` "passes", says nothing.
    `severity` is contraindicated, warning or advice. A rule with `unset` parameters waits for a site's own value and
    reports cannot_check instead of passing. A rule with a `history` speaks only of what comes after such a treatment,
    in the plan or before it.
    """

    id: str
    title: str
    statement: str
    kind: str
    severity: str
    parameters: Mapping[str, object]
    reference: str
    evidence: Evidence
    status: Status
    url: str = ""
    advice: str = ""
    jurisdiction: str = ""
    valid_from: date | None = None
    when: Condition = ALWAYS
    unless: Condition = ALWAYS
    unrecorded: Literal["cannot check", "passes"] = "cannot check"
    protocols: tuple[str, ...] = ()
    history: Selectors = ()
    site_setting: bool = False
    examples: tuple[RuleExample, ...] = ()
