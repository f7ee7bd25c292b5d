"""The drug vocabulary: what an agent is called, which classes it belongs to, how its doses are rounded."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent. `classes` are tags such as "azole" or "anthracycline"; `round_to` is in the unit of its doses.

    `doxorubicin_factor` converts mg/m2 of this anthracycline to doxorubicin equivalents (source in `reference`).
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
