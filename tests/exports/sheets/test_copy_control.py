"""Which copy a sheet is: the square code, the number of the issue, SUPERSEDED (promises P7, P11, P19, P20)."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from planner.exports.pdf.code import code_modules
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.frame import FrameSetter
from planner.exports.pdf.text import TextOp, Typesetter
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.job import Job, Stamp
from planner.model.release import Release
from planner.model.signing import Issue
from planner.model.wish import WHOLE_PLAN, Wish
from planner.services.printing import BUILDERS
from tests.exports.gallery import outside, read
from tests.exports.papers import PAPERS, SITE, page_texts, short_course, squashed, words_in
from tests.exports.qr_reader import read_code

OLD, NEW = "0a1b2c3d", "99ffee00"
FIRST = Issue("calendar", 1, OLD, "P. One", "2026-03-01T10:00:00+00:00", 2)
SECOND = Issue("calendar", 2, NEW, "P. One", "2026-03-09T10:00:00+00:00", 2)
THIRD = Issue("calendar", 3, OLD, "P. One", "2026-03-12T10:00:00+00:00", 2)
OTHER_SHEET = replace(SECOND, sheet="supply")


def pages(
    kind: str, version: str, *issues: Issue, paper: str = "A4", wish: Wish = WHOLE_PLAN, outdated: bool = False
) -> tuple[bytes, list[str]]:
    stamp = Stamp(Release(version, issues=issues), kind, datetime(2026, 3, 20, 8, 0), outdated)
    sheet = BUILDERS[kind](short_course(), Job(SITE, stamp, words_in(wish.language), wish))
    pdf = write_pdf(sheet, paper)
    return pdf, page_texts(pdf)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", BUILDERS)
def test_every_page_carries_the_version_as_a_code_that_reads(kind: str, paper: str) -> None:
    pdf, texts = pages(kind, NEW, replace(SECOND, sheet=kind), paper=paper)
    assert {read_code(pdf, number) for number in {0, len(texts) - 1}} == {"REGIMAP:99FFEE00:2"}
    assert all(NEW in squashed(text) for text in texts)


@pytest.mark.parametrize("wish", [WHOLE_PLAN, Wish(large=True)], ids=["plain", "large"])
def test_the_code_reads_from_a_fax(wish: Wish) -> None:
    pdf, _ = pages("calendar", NEW, wish=wish)
    assert read_code(pdf, 0, two_tone=True) == "REGIMAP:99FFEE00:0"


def test_the_code_tells_nothing_of_the_patient() -> None:
    one, _ = pages("calendar", NEW)
    assert read_code(one, 0) == f"REGIMAP:{NEW.upper()}:0"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", BUILDERS)
def test_every_page_says_that_the_patient_has_another_plan(kind: str, paper: str) -> None:
    """ "No treatment" stood on days on which the other plan gives."""
    stamp = Stamp(Release(NEW), kind, datetime(2026, 3, 20, 8, 0), beside=("plan-2", "plan-3"))
    for language in ("en", "es", "de", "fr", "ru") if kind == "calendar" else ("en",):
        words = words_in(language)
        pdf = write_pdf(BUILDERS[kind](short_course(), Job(SITE, stamp, words, Wish(language=language))), paper)
        said = words.say("another_plan") if kind == "calendar" else "ANOTHER PLAN of this patient is in the store"
        assert all(squashed(said) in squashed(text) for text in page_texts(pdf))
        assert ("plan-2, plan-3" in page_texts(pdf)[0]) == (kind != "calendar"), "a family has no use for ids"
        assert not outside(read(pdf))
        assert squashed(said) not in squashed(pages(kind, NEW, paper=paper, wish=Wish(language=language))[1][0])


@pytest.mark.parametrize("number", [0, 7, 12, 345])
def test_every_number_of_an_issue_fits_the_code(number: int) -> None:
    assert code_modules(f"REGIMAP:0A1B2C3D:{number}")


def test_a_longer_text_is_refused() -> None:
    with pytest.raises(ValueError, match="holds 20"):
        code_modules("REGIMAP:0A1B2C3D:12345")


def test_no_text_is_no_code() -> None:
    assert code_modules("") == ()


def test_a_copy_of_a_replaced_issue_says_so_on_each_page() -> None:
    _, texts = pages("calendar", OLD, FIRST, SECOND)
    for text in texts:
        assert "SUPERSEDED" in squashed(text)
        assert "Oldplan.Donotuseit.Issue2of9March2026takesitsplace." in squashed(text)


def test_a_pharmacists_copy_names_both_issues() -> None:
    issues = [replace(one, sheet="roadmap") for one in (FIRST, SECOND)]
    _, texts = pages("roadmap", OLD, *issues)
    said = "Issue1of01-Mar-2026,SUPERSEDEDbyissue2of09-Mar-2026:donotuse"
    assert all(said in squashed(text) for text in texts)


@pytest.mark.parametrize(
    ("issues", "roadmap", "calendar"),
    [
        (
            (FIRST,),
            "Issue 1 of 01-Mar-2026. SUPERSEDED, the plan was changed since: do not use",
            "Ask us for the new one",
        ),
        ((), "Working copy, not issued. SUPERSEDED, the plan was changed since: do not use", "Ask us for the new one"),
        (
            (FIRST, SECOND),
            "Issue 1 of 01-Mar-2026, SUPERSEDED by issue 2 of 09-Mar-2026: do not use",
            "takes its place",
        ),
    ],
    ids=["issued", "never issued", "issued anew"],
)
def test_an_earlier_state_of_a_plan_that_was_changed_says_so(
    issues: tuple[Issue, ...], roadmap: str, calendar: str
) -> None:
    """Until the next issue an old revision printed as "Issue 1" without any mark."""
    for kind, said in (("roadmap", roadmap), ("calendar", calendar)):
        _, texts = pages(kind, OLD, *(replace(one, sheet=kind) for one in issues), outdated=True)
        for text in texts:
            assert "SUPERSEDED" in squashed(text)
            assert squashed(said) in squashed(text)


@pytest.mark.parametrize(
    ("version", "issues"),
    [
        (NEW, (FIRST, SECOND)),  # the newest
        (OLD, (FIRST,)),  # nothing newer
        (OLD, (FIRST, OTHER_SHEET)),  # only another sheet is newer
        (OLD, (FIRST, SECOND, THIRD)),  # handed out again
        ("77777777", (FIRST, SECOND)),  # never handed out: a working copy
    ],
)
def test_nothing_else_is_superseded(version: str, issues: tuple[Issue, ...]) -> None:
    _, texts = pages("calendar", version, *issues)
    assert not any("SUPERSEDED" in squashed(text) for text in texts)


def test_every_language_tells_that_the_plan_is_old() -> None:
    said = {lang: words_in(lang).say("superseded", number=2, date="D") for lang in ("en", "es", "de", "fr", "ru")}
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", ["en", "es", "de", "fr", "ru"])
def test_the_footer_stays_on_the_page_and_off_the_code(language: str, paper: str, large: bool) -> None:
    wish = Wish(language=language, large=large)
    for issues in ((), (FIRST, SECOND)):
        pdf, _ = pages("calendar", OLD, *issues, paper=paper, wish=wish)
        assert outside(read(pdf)) == []
        assert read_code(pdf, 0) == f"REGIMAP:{OLD.upper()}:{len(issues) // 2}"


@pytest.mark.parametrize("width", [400.0, 470.0, 520.0, 720.0])
def test_no_page_has_a_taller_footer_than_was_measured(width: float) -> None:
    stamp = Stamp(Release(OLD), "bags", datetime(2026, 3, 20))
    sheet = BUILDERS["bags"](short_course(), Job(SITE, stamp, words_in("en")))
    setter = FrameSetter(sheet, Typesetter(sheet.audience, load_faces()), width)
    assert all(bottom(setter.page(number, 1234)) <= setter.foot_height for number in (1, 99, 1234))
    assert bottom(setter.foot) <= setter.foot_height


def bottom(ops: list[object]) -> float:
    return max(op.y + op.block.height if isinstance(op, TextOp) else op.y for op in ops)
