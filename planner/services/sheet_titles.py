"""The sheets that can be printed, by id. Kept apart from their builders, so that a menu can name them at once."""

from collections.abc import Mapping

SHEET_TITLES: Mapping[str, str] = {
    "roadmap": "Pharmacist roadmap",
    "calendar": "Patient calendar",
    "daysheet": "Day sheet",
    "bags": "Bag plan",
    "supply": "Supply sheet",
    "glance": "Course at a glance",
    "handover": "Hand-over sheet",
    "summary": "Treatment summary",
}

PATIENT_SHEETS = frozenset({"calendar"})
"""Sheets that go home; they are not issued without the clinic's own words on whom to call."""

UPRIGHT = frozenset({"daysheet", "bags", "supply", "handover"})
"""Sheets that stand on upright paper too: plain tables. A month, a roadmap's days and a drawing need the width; the
summary always stands, for it goes into a paper file."""
