"""The site's own choices that dates and texts depend on."""

from msgspec import Struct


class Site(Struct, frozen=True):
    """Settings of the clinic. Times are minutes from midnight; `week_starts` is 0 for Monday, 6 for Sunday."""

    name: str = ""
    treatment_day_starts: int = 9 * 60
    paper: str = "A4"
    micrograms: str = "mcg"
    week_starts: int = 0
    phone_24h: str = ""
    when_to_call: str = ""
