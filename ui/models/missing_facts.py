"""What a finding lacks of the patient's record, and on which page of the record it is entered."""

from planner.model.fact_words import NAMES, newer, sought
from planner.model.finding import Finding
from planner.model.results import RESULTS

DISEASE, RESULT = 1, 2
"""Places of the pages with markers and allergies, and with results, among those of the patient."""
_RESULTS = frozenset([*map(sought, RESULTS), *map(newer, RESULTS)])
_FACTS = frozenset({"allergies", *map(sought, NAMES), *_RESULTS})
"""How findings name what a patient's record may hold."""
_NOT_RECORDED = "not recorded"


def lacks_facts(finding: Finding) -> bool:
    """Whether the rule asks for a fact of the patient that nobody recorded."""
    return _NOT_RECORDED in dict(finding.inputs) or not _FACTS.isdisjoint(finding.missing.split("; "))


def page_for(finding: Finding) -> int:
    """The page on which the first of the facts is entered that the rule asks for."""
    named = finding.missing.split("; ") if finding.missing else dict(finding.inputs)[_NOT_RECORDED].split(", ")
    known = [name for name in named if name in _FACTS]
    return RESULT if known and known[0] in _RESULTS else DISEASE
