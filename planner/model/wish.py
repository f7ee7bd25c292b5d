"""What somebody wants printed of a plan."""

from datetime import date

from msgspec import Struct


class Wish(Struct, frozen=True):
    """Which part of a plan is printed, and how for the patient.

    Both days belong to the part; None leaves that side open. `alongside` is a second language printed with the first,
    `large` asks for the large-print edition, `portrait` for upright paper where the sheet can stand on it.
    """

    first: date | None = None
    last: date | None = None
    language: str = "en"
    alongside: str = ""
    large: bool = False
    portrait: bool = False

    def covers(self, day: int) -> bool:
        """Whether the day (an ordinal) is printed."""
        after = self.first is None or day >= self.first.toordinal()
        return after and (self.last is None or day <= self.last.toordinal())

    def meets(self, first: int, following: int) -> bool:
        """Whether any day from `first` up to, not including, `following` (ordinals) is printed."""
        after = self.first is None or following > self.first.toordinal()
        return after and (self.last is None or first <= self.last.toordinal())


WHOLE_PLAN = Wish()
