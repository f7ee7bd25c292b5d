"""Heights and weights that can hardly be are asked about: pounds, inches, a point one place off, another person's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from planner.model.patient import Measurement, Patient
from planner.services.verbs.bodies import body_doubt, newest_body_doubt

DAY = date(2026, 11, 30)
ADULT, CHILD, BABY = date(1981, 3, 14), date(2018, 3, 14), date(2026, 1, 14)


def _asked(height, weight, born=ADULT, *earlier):
    measured = tuple(
        Measurement(DAY - timedelta(ago), Decimal(min(168, height)), Decimal(before)) for ago, before in earlier
    )
    found = Measurement(DAY, Decimal(height), Decimal(weight))
    patient = Patient("1", "Demo", "Ana", born, "female", (*measured, found))
    assert newest_body_doubt(patient) == body_doubt(patient, found)
    return body_doubt(patient, found)


def test_pounds_are_told_in_kilograms():
    """154 lb of a woman of 168 cm, as 154 kg, make a surface of 2.68 m2 for one of 1.81."""
    assert _asked(168, 154) == "154 kg at 168 cm: were these pounds? 154 lb are 69.9 kg."


@pytest.mark.parametrize(("height", "index"), [(150, "18.5"), (168, 22), (190, 27)])
def test_pounds_of_nearly_everybody_are_asked_about(height, index):
    pounds = Decimal(index) * Decimal(height) ** 2 / 10_000 / Decimal("0.45359237")
    assert "were these pounds?" in _asked(height, round(pounds))


@pytest.mark.parametrize(
    ("height", "index", "born"),
    [
        (75, 16, BABY),
        (100, "13.5", date(2022, 3, 14)),
        (120, 13, CHILD),
        (120, 16, CHILD),
        (155, 15, date(2013, 3, 14)),
    ],
)
def test_pounds_of_a_child_are_asked_about(height, index, born):
    pounds = Decimal(index) * Decimal(height) ** 2 / 10_000 / Decimal("0.45359237")
    assert "were these pounds?" in _asked(height, round(pounds), born)


@pytest.mark.parametrize(
    ("height", "weight", "born"), [(168, 112, ADULT), (150, 34, ADULT), (125, 38, CHILD), (155, 65, date(2013, 3, 14))]
)
def test_heavy_and_light_people_are_not_asked_about(height, weight, born):
    assert not _asked(height, weight, born)


def test_what_no_unit_explains_may_be_ten_times_too_much():
    assert "ten times too large" in _asked(180, 800)


@pytest.mark.parametrize("weight", [100, 38])
def test_a_weight_far_from_the_one_before_is_asked_about(weight):
    told = _asked(168, weight, ADULT, (300, 60), (30, 55 if weight == 100 else 70))
    assert told.endswith("on 31-Oct-2026: is the weight right?")


@pytest.mark.parametrize(("weight", "earlier"), [(98, (30, 55)), (98, (366, 50)), (60, (30, 60))])
def test_a_weight_near_the_one_before_or_long_after_it_is_not_asked_about(weight, earlier):
    assert not _asked(168, weight, ADULT, earlier)


def test_babies_double_their_weight():
    assert not _asked(70, 8, BABY, (150, "4.2"))


@pytest.mark.parametrize(
    ("height", "before", "born", "asked"),
    [
        (186, 168, ADULT, True),  # figures in the wrong order
        (138, 168, ADULT, True),
        (172, 168, ADULT, True),
        (171, 168, ADULT, False),
        (165, 168, ADULT, False),
        (125, 119, CHILD, False),
        (117, 119, CHILD, True),
        (118, 119, CHILD, False),
    ],
)
def test_a_height_that_was_another_one_is_asked_about(height, before, born, asked):
    """186 cm for 168 cm was taken without a word: a surface 5 % larger."""
    weight = Decimal(24) if born is CHILD else Decimal(60)
    earlier = Measurement(DAY - timedelta(500), Decimal(before), weight)
    found = Measurement(DAY, Decimal(height), weight)
    patient = Patient("1", "Demo", "Ana", born, "female", (earlier, found))
    told = f"{height} cm, and {before} cm on 18-Jul-2025: is the height right?"
    assert body_doubt(patient, found) == (told if asked else "")
