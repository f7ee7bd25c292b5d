"""The colours keep the contrast the design promises, on every ground they are used on."""

import re

import pytest

from planner.model.finding import SEVERITIES
from planner.model.protocol import ROLES
from ui.theme import THEMES as ALL_THEMES
from ui.theme import Theme, qcolor

THEMES = pytest.mark.parametrize("theme", list(ALL_THEMES.values()), ids=lambda theme: theme.name)
SIGN_ROLES = ("antineoplastic", "infusion", "intrathecal", "cell_therapy", "oral", "supportive", "rescue")
TEXT_ROLES = ("text", "muted", "accent", "contraindicated", "warning", "advice", "intrathecal")


def luminance(token: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(token[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: Theme) -> tuple[str, ...]:
    return theme.ground, theme.panel, theme.shade, theme.hover


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@THEMES
def test_text_has_a_contrast_of_4_5_on_every_ground(theme):
    for name in TEXT_ROLES:
        for ground in grounds(theme):
            assert contrast(getattr(theme, name), ground) >= 4.5, (name, ground)


@THEMES
def test_shapes_have_a_contrast_of_3_on_every_ground(theme):
    for name in SIGN_ROLES:
        for ground in grounds(theme):
            assert contrast(getattr(theme, name), ground) >= 3, (name, ground)


@THEMES
def test_text_on_filled_bars_and_marks_can_be_read(theme):
    for name in (*SIGN_ROLES, *SEVERITIES):
        assert contrast(theme.on_bar, getattr(theme, name)) >= 4.5, name
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@THEMES
def test_every_token_is_a_colour(theme):
    tokens = [getattr(theme, name) for name in Theme.__struct_fields__ if name != "name"]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", token) for token in tokens)
    assert all(qcolor(token).isValid() for token in tokens)


@THEMES
def test_every_role_and_severity_has_its_colour(theme):
    own = {role: theme.role(role) for role in ROLES}
    assert own["assessment"] == own["procedure"] == theme.text
    assert own["premedication"] == own["supportive"] == own["hydration"] == theme.supportive
    assert own["rescue"] == own["growth factor"] == theme.rescue
    assert len({theme.severity(severity) for severity in SEVERITIES}) == 3
    assert theme.severity("cannot check") == theme.muted


def test_a_colour_may_be_made_lighter_without_touching_the_token():
    assert qcolor("#0B6BB3", 40).alpha() == 40
    assert qcolor("#0B6BB3").alpha() == 255
