"""The coded reason of a change. A person chooses it: nothing is chosen beforehand, because it is kept and counted."""

from planner.model.plan import REASONS
from ui.dialogs.fields import Field

TOXICITY = "toxicity"
"""The reason that has a grade."""
GRADES = ((0, "not said"), *((grade, str(grade)) for grade in range(1, 6)))
SUPPOSED = "other"
"""The reason a preview goes by until one is chosen."""


def reason_field() -> Field:
    """Asks for the reason of a change of treatment."""
    choices = [(reason, reason) for reason in REASONS]
    return Field("reason", "&Reason", "choice", None, choices, stand_in=SUPPOSED)


def reason_of_more() -> Field:
    """The same where something is added or entered: mostly none of the coded reasons is meant."""
    others = [(reason, reason) for reason in REASONS if reason != SUPPOSED]
    return Field("reason", "&Reason", "choice", SUPPOSED, [(SUPPOSED, SUPPOSED), *others])
