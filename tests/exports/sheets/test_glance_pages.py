"""The pages of the course at a glance: what stands with the drawing, and in which order."""

from datetime import date

import pytest

from planner.exports.pdf.writer import write_pdf
from planner.model.plan import BlockStart
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import SITE, library, make, page_texts, shipped, words_of
from tests.exports.sheets.test_glance import bar, chart_of, text_ops


def test_signs_stand_with_their_drawing_where_both_fit() -> None:
    """GMALL: a second page held nothing but the signs."""
    texts = page_texts(write_pdf(make(shipped("gmall-07-03"), "glance"), "A4"))
    assert "INTRATHECAL." in texts[0]
    assert "Induction II" in texts[-1], "the table of blocks"


def test_the_table_of_blocks_has_no_page_between_the_drawings() -> None:
    """E1910: page 2 of 4 held nine blocks and nothing else."""
    titles = [section.title for section in make(shipped("e1910"), "glance").sections]
    assert titles[:2] == ["The whole course", "Signs"]
    assert titles[-1] == "Blocks and decisions"
    assert [section.title for section in make(shipped("d-alba"), "glance").sections][:3] == [
        "The whole course",
        "Signs",
        "Blocks and decisions",
    ]


def test_the_signs_never_stand_behind_all_else() -> None:
    """Hyper-CVAD with ponatinib: eight signs alone on the last of five pages."""
    titles = [section.title for section in make(shipped("hyper-cvad-ponatinib"), "glance").sections]
    assert titles.index("Signs") < titles.index("Blocks and decisions")


@pytest.mark.parametrize("protocol", ["graaph-2005", "graaph-2014", "d-alba"])
def test_a_short_course_with_findings_is_one_page(protocol: str) -> None:
    """Their tables of three blocks and one decision stood alone on a second page."""
    placed = add_protocol(new_plan("p", PATIENT), library().protocols[protocol], BlockStart(on=date(2026, 12, 1)))
    evaluated = evaluate(placed, library(), SITE)
    assert evaluated.findings
    assert len(page_texts(write_pdf(make(evaluated, "glance"), "A4"))) == 1


def test_decisions_stand_among_the_blocks_by_their_days() -> None:
    (section,) = (one for one in make(shipped("d-alba"), "glance").sections if one.title == "Blocks and decisions")
    assert [words_of(row.cells[0]) for row in section.parts[0].rows] == ["1", "2", "?", "3", "?", "4"]


def test_signs_at_the_end_do_not_stand_under_the_days_of_the_last_drawing() -> None:
    """Hyper-CVAD: "Signs" below "Mon 27-Nov-2028 to Wed 16-May-2029, continued"."""
    (signs,) = (one for one in make(shipped("hyper-cvad"), "glance").sections if one.title == "Signs")
    assert signs.level == 0


def test_the_number_of_a_block_does_not_read_as_a_cycle() -> None:
    """ "7" beside "POMP 5 to 7"; where there is no room for more the bare number stands."""
    ribbons = [bar(1000, end, "ribbon", label="Blinatumomab 4", letter="7") for end in (1020, 1008)]
    assert [text_ops(chart_of(one, kind="blocks"))[-1] for one in ribbons] == ["No. 7", "7"]
