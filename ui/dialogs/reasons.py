"""The coded reason of a change. A person chooses it: nothing is chosen beforehand, because it is kept and counted."""

from typing import Any

from planner.model.plan import REASONS, Plan
from planner.services.verbs.reasons import Why, is_under_way
from ui.dialogs.fields import Answers, Field

TOXICITY = "toxicity"
"""The reason that has a grade."""
GRADES = ((0, "not said"), *((grade, str(grade)) for grade in range(1, 6)))
SUPPOSED = "other"
"""The reason a preview goes by until one is chosen."""
UNSAID = ("", "not said")
"""Where the reason may stay open."""
_CODES = [(reason, reason) for reason in REASONS]


def reason_field() -> Field:
    """Asks for the reason of a change of treatment."""
    return Field("reason", "&Reason", "choice", None, _CODES, stand_in=SUPPOSED)


def reason_if_any() -> Field:
    """Asks for a reason that may stay open."""
    return Field("reason", "&Reason", "choice", "", [UNSAID, *_CODES])


def reason_of_course(plan: Plan) -> Field:
    """Asks why a block stands elsewhere: of a course under way it has to be said, while a plan is built it may be."""
    if is_under_way(plan):
        return Field("reason", "&Reason", "choice", None, _CODES, stand_in="")
    return reason_if_any()


def why_fields(reason: Field | None = None) -> tuple[Field, ...]:
    """The reason, the grade of a toxicity, and words; no words without a reason, with which they are kept."""
    return (
        reason or reason_field(),
        Field("grade", "&Grade", "choice", 0, GRADES, shown_if=lambda answers: answers["reason"] == TOXICITY),
        Field("note", "N&ote", optional=True, hint="may stay empty", shown_if=lambda answers: answers["reason"] != ""),
    )


def why_of(answers: Answers) -> Why | None:
    """The reason as told; None where it was left open."""
    if not answers["reason"]:
        return None
    grade = answers["grade"] if answers["reason"] == TOXICITY else 0
    return Why(answers["reason"], answers["note"], grade)


def told_of(answers: Answers) -> dict[str, Any]:
    """Reason, grade and note as a modification takes them."""
    grade = answers["grade"] if answers["reason"] == TOXICITY else 0
    return {"reason": answers["reason"], "grade": grade, "note": answers["note"]}
