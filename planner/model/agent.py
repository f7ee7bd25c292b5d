"""The drug vocabulary: what an agent is called, which classes it belongs to, how its doses are rounded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct


class Piece(NamedTuple):
    """So many tablets or vials of one strength; half a tablet is a number of 0.5."""

    strength: Decimal
    number: Decimal


class Strength(Struct, frozen=True):
    """One strength of a tablet or size of a vial, in `unit`; `halves` tells that a tablet may be divided."""

    amount: Decimal
    unit: str
    halves: bool = False


class DoseRange(Struct, frozen=True):
    """One row of a table of dose bands: what is given where the computed dose is at least `least` and below `below`."""

    least: Decimal
    below: Decimal
    dose: Decimal


class BagKind(Struct, frozen=True):
    """A bag in which a continuous infusion may be prepared: how long it lasts and how fast its pump runs.

    `min_weight_kg` is the lowest body weight its preservative is labelled for, where a source gives one.
    """

    hours: int
    rate_ml_h: Decimal
    reference: str
    evidence: str
    min_weight_kg: Decimal | None = None


class Interruption(Struct, frozen=True):
    """What a stop of the agent's infusion means, after its label.

    From `restart_hours` on the restart is supervised, with premedication again. Up to `continue_days` the cycle goes on
    to its planned infusion days in all; after a longer stop a new cycle begins.
    """

    restart_hours: int
    continue_days: int
    reference: str
    evidence: str


class Agent(Struct, frozen=True):
    """One agent. `classes` are tags such as "azole" or "anthracycline"; `round_to` is in the unit of its doses.

    `bags` are the bags its continuous infusion may be cut into, `interruption` what a stop of that infusion means.
    `tall_man` is the name with the letters that tell it from look-alikes in capitals. `round_to` and `dose_bands` are
    in `usual_unit`. `equivalents` are (scheme, factor, source): mg/m2 to doxorubicin by other schemes than
    `doxorubicin_factor`.

    `patient_note` is what a patient has to know who takes it by mouth, for orders that no protocol wrote words for.
    `doxorubicin_factor` converts mg/m2 of this anthracycline to doxorubicin equivalents (source in `reference`).
    `changed` names the fields that a site's file gives otherwise than the shipped one.
    """

    id: str
    name: str
    synonyms: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    plain_words: str = ""
    round_to: Decimal | None = None
    doxorubicin_factor: Decimal | None = None
    reference: str = ""
    evidence: str = "unverified"
    bags: tuple[BagKind, ...] = ()
    interruption: Interruption | None = None
    tall_man: str = ""
    usual_unit: str = ""
    round_reference: str = ""
    tablets: tuple[Strength, ...] = ()
    vials: tuple[Strength, ...] = ()
    strengths_reference: str = ""
    strengths_evidence: str = "unverified"
    dose_bands: tuple[DoseRange, ...] = ()
    bands_reference: str = ""
    equivalents: tuple[tuple[str, Decimal, str], ...] = ()
    changed: tuple[str, ...] = ()
    patient_note: str = ""
    patient_reference: str = ""

    def __hash__(self) -> int:
        """A cheap hash for memos: equal agents have equal ids."""
        return hash(self.id)


def ids_of_names(agents: Mapping[str, Agent]) -> dict[str, str]:
    """The id of each agent by its synonyms, name and id, all in small letters."""
    return {word.casefold(): one.id for one in agents.values() for word in (*one.synonyms, one.name, one.id)} | {
        one: one for one in agents
    }
