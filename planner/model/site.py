"""The site's own choices that dates and texts depend on."""

from msgspec import Struct

from planner.model.body import MOSTELLER

ROUNDINGS = ("step", "vials", "bands")
"""How doses by surface or weight are rounded: to the agent's step, to whole vials, or by the site's table of bands."""


class Site(Struct, frozen=True):
    """Settings of the clinic. Times are minutes from midnight; `week_starts` is 0 for Monday, 6 for Sunday.

    `bsa_formula` is what new plans begin with, one of body.SURFACES; a plan keeps its own. `rounding` is one of
    ROUNDINGS; whole vials are taken within `rounding_percent` of the computed dose. `drug_names` is one of
    drug_names.DRUG_NAMES, `clock_changes` one of clock_change.CLOCK_CHANGES.
    """

    name: str = ""
    treatment_day_starts: int = 9 * 60
    paper: str = "A4"
    micrograms: str = "mcg"
    week_starts: int = 0
    phone_24h: str = ""
    when_to_call: str = ""
    bsa_formula: str = MOSTELLER
    rounding: str = "step"
    rounding_percent: int = 5
    drug_names: str = "plain"
    clock_changes: str = ""
