"""Words of the roadmap that a reader stumbled over."""

from tests.exports.papers import make, shipped
from tests.exports.sheets.test_roadmap import sections, text_of


def test_a_drug_timed_by_another_names_it_as_its_column_does() -> None:
    """ "30 min before the start of brexu cel": a name nobody knows, made from the id."""
    (drugs, *_) = sections(make(shipped("brexu-cel"), "roadmap"), "Drugs")[1:]
    assert "30 min before the start of Brexucabtagene autoleucel" in text_of(drugs)
    assert "brexu cel" not in text_of(drugs)


def test_cells_are_not_counted_by_body_surface() -> None:
    (counted,) = (
        one
        for one in sections(make(shipped("brexu-cel"), "roadmap"), "Counters, as planned")
        if "cells" in text_of(one)
    )
    assert "cells/m2" not in text_of(counted)
    assert "mg/m2" in text_of(sections(make(shipped("brexu-cel"), "roadmap"), "Counters, as planned")[0])


def test_one_day_is_no_days() -> None:
    text = "\n".join(text_of(section) for section in make(shipped("leukapheresis"), "roadmap").sections)
    assert "1 day: Mon 02-Mar-2026 to Mon 02-Mar-2026" in text
    assert "1 days" not in text
