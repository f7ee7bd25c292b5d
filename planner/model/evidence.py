"""How well a fact is supported, and what a file's life-cycle words mean."""

from enum import StrEnum


class Evidence(StrEnum):
    """Support for an order, a rule or a value, strongest first. The last two print DRAFT on every sheet."""

    LABEL = "label"
    """Read in the product label or a copy of its text."""
    TRIAL = "trial"
    """Read in the trial's paper, abstract or registry record."""
    SECONDARY = "secondary"
    """Read in a source that retells the primary one."""
    UNVERIFIED = "unverified"
    """General knowledge nobody has read in a source yet."""
    LOCAL = "local"
    """No sourced value exists; the pharmacist has to enter the site's own."""

    @property
    def needs_confirmation(self) -> bool:
        return self in (Evidence.UNVERIFIED, Evidence.LOCAL)


class Status(StrEnum):
    """Life cycle of a protocol or rule file."""

    DRAFT = "draft"
    """Written from its sources; not yet signed by the pharmacists of a site."""
    REVIEWED = "reviewed"
    """Signed by the pharmacists of the site that uses it."""
    SUPERSEDED = "superseded"
    """A newer version stands in its place."""
    RETIRED = "retired"
    """Not to be used for new plans."""


NOT_IN_FORCE = frozenset({Status.SUPERSEDED, Status.RETIRED})
"""What no new plan is made from, and what no rule speaks by."""
