"""The window's counters show the vials still needed."""

from tests.analysis.test_vials import DRUG, counted, course
from ui.models.counter_table import lines_of


def test_the_window_shows_them():
    (line,) = [one for one in lines_of(counted(course())) if one.key == f"vials/{DRUG}"]
    assert (line.what, line.planned, line.note) == (f"Vials still needed: {DRUG}", "9", "9 × 0.9 mg")
