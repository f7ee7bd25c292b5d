"""What people signed, confirmed and handed out of a plan."""

from msgspec import Struct


class Confirmation(Struct, frozen=True):
    """Somebody checked what no read source supports: an order of a protocol, or the protocol itself (`order` empty).

    `pin` is the sha256 of the protocol's text, so a newer text has to be confirmed again. `at` is UTC in ISO form.
    """

    pin: str
    order: str
    by: str
    at: str
    note: str = ""


class SignOff(Struct, frozen=True):
    """A name and time recorded for one version of the plan; `meaning` is prepared or verified. Not an e-signature."""

    meaning: str
    version: str
    by: str
    at: str


class Issue(Struct, frozen=True):
    """A sheet handed out: its number counts up for each sheet. `reprint` is another copy of the version before."""

    sheet: str
    number: int
    version: str
    by: str
    at: str
    copies: int = 1
    reprint: bool = False
