"""Colours and sizes of the window as named tokens: one table each for light, dark and high contrast.

The contrast of every pair that carries text is at least 4.5:1, of every shape at least 3:1, on ground and on panel;
tests/ui/test_theme.py computes them. Colour never carries a meaning alone: each role has a form of its own as well.
"""

from functools import lru_cache

from msgspec import Struct
from PySide6.QtGui import QColor

FONT_FAMILY = "Lato"
SIZE_SMALL, SIZE_LABEL, SIZE_BASE, SIZE_HEADING, SIZE_TITLE = 11, 12, 13, 15, 20
"""Type sizes in px at 100 %."""
RADIUS_BAR, RADIUS_PANEL = 3, 6


class Theme(Struct, frozen=True):
    """One set of colours, each "#RRGGBB".

    `accent` marks today, focus and selection. `on_bar` is text on a filled role colour. `shade` is the background of
    weekends, `hover` of the row under the pointer. The role colours follow the signs of the timeline and the sheets.
    """

    name: str
    ground: str
    panel: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    shade: str
    hover: str
    contraindicated: str
    warning: str
    advice: str
    antineoplastic: str
    infusion: str
    intrathecal: str
    cell_therapy: str
    oral: str
    supportive: str
    rescue: str
    on_bar: str

    def severity(self, severity: str) -> str:
        """Colour of a finding's severity; muted for a word that is none (such as "cannot check")."""
        known = {"contraindicated": self.contraindicated, "warning": self.warning, "advice": self.advice}
        return known.get(severity, self.muted)

    def role(self, role: str) -> str:
        """Colour of an order's role; "infusion" and "oral" are the forms that have a colour of their own."""
        found: str = getattr(self, _ROLES.get(role, "text"))
        return found


_ROLES = {
    "antineoplastic": "antineoplastic",
    "infusion": "infusion",
    "oral": "oral",
    "intrathecal": "intrathecal",
    "cell therapy": "cell_therapy",
    "premedication": "supportive",
    "supportive": "supportive",
    "hydration": "supportive",
    "rescue": "rescue",
    "growth factor": "rescue",
    "co-medication": "muted",
}
"""Which colour of a theme stands for a role."""

LIGHT = Theme(
    name="light",
    ground="#FFFFFF",
    panel="#F6F7F9",
    line="#D5D9E0",
    text="#1B1F27",
    muted="#5A6372",
    accent="#C2410C",
    on_accent="#FFFFFF",
    shade="#F1F3F6",
    hover="#EEF2F8",
    contraindicated="#B3261E",
    warning="#8A5300",
    advice="#345E9C",
    antineoplastic="#0B6BB3",
    infusion="#0A7E8C",
    intrathecal="#A8327D",
    cell_therapy="#6B4BB8",
    oral="#2E7D4F",
    supportive="#6B7280",
    rescue="#9A5B00",
    on_bar="#FFFFFF",
)

DARK = Theme(
    name="dark",
    ground="#14171C",
    panel="#1C2027",
    line="#343B46",
    text="#E8EBF0",
    muted="#9AA4B2",
    accent="#FF9A62",
    on_accent="#14171C",
    shade="#191D23",
    hover="#232933",
    contraindicated="#FF8A80",
    warning="#F2B155",
    advice="#8FB6EE",
    antineoplastic="#5BB0F0",
    infusion="#4CC3CF",
    intrathecal="#E58AC4",
    cell_therapy="#B49AF0",
    oral="#6FCB93",
    supportive="#A3ACBA",
    rescue="#E3A94B",
    on_bar="#14171C",
)

CONTRAST = Theme(
    name="contrast",
    ground="#000000",
    panel="#0B0B0B",
    line="#8C8C8C",
    text="#FFFFFF",
    muted="#D8D8D8",
    accent="#FFD60A",
    on_accent="#000000",
    shade="#181818",
    hover="#2A2A2A",
    contraindicated="#FF9C94",
    warning="#FFC14D",
    advice="#A6CDFF",
    antineoplastic="#6FC3FF",
    infusion="#4FE3F0",
    intrathecal="#FF9FE0",
    cell_therapy="#CBB7FF",
    oral="#84ECA9",
    supportive="#C8C8C8",
    rescue="#FFB35C",
    on_bar="#000000",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}
"""By name, in the order in which one follows the other."""


def next_theme(theme: Theme) -> Theme:
    """The theme after that one, around at the end."""
    names = list(THEMES)
    return THEMES[names[(names.index(theme.name) + 1) % len(names)]]


@lru_cache(maxsize=512)
def qcolor(token: str, alpha: int = 255) -> QColor:
    """The QColor of a token, kept between frames; callers must not change it. `alpha` runs from 0 to 255."""
    color = QColor(token)
    color.setAlpha(alpha)
    return color
