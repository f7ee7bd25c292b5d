"""The columns of a month: equal, but where wider ones for crowded weekdays spare a page."""

from itertools import pairwise

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.exports.pdf import month as month_module
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.flow import Piece, flow
from planner.exports.pdf.month import NARROWEST, lay_months, texts_by_weekday, uneven_columns
from planner.exports.pdf.text import BoxOp, RuleOp, TextOp, Typesetter
from planner.exports.sheets.sheet import DayCell, Line, Month, Week, WeekBar

WIDTH, HEIGHT = 770.0, 433.0
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKLY = "Methotrexate 37.5 mg (15 tablets of 2.5 mg), once a week, on Mondays, not every day"


def month_of(*texts: str, weeks: int = 5, bar: str = "") -> Month:
    """Each week with these texts from Monday on, and a bar over all of it."""
    cells = [*texts, *[""] * (7 - len(texts))]
    days = tuple(DayCell("12", "Day 3", (Line(text, "strong", tick=True),) if text else ()) for text in cells)
    bars = (WeekBar(0, 6, Line(bar), 1),) if bar else ()
    return Month("May 2026", (), NAMES, (Week(days, bars),) * weeks, "May 2026, continued", "more")


def laid(month: Month) -> list[Piece]:
    return lay_months([month], Typesetter("patient", load_faces()), WIDTH, HEIGHT)[0]


def uneven(months: list[Month], setter: Typesetter) -> list[float]:
    return uneven_columns(texts_by_weekday(months, setter), WIDTH, NARROWEST)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def pages(pieces: list[Piece]) -> int:
    return 1 + sum(piece.new_page for piece in pieces)


def widths(pieces: list[Piece]) -> list[float]:
    """The widths of the day frames of the last week."""
    frames = [op for op in pieces[-1].ops if isinstance(op, BoxOp) and op.y == 0 and op.weight == 0.6]
    return [round(op.width, 3) for op in frames]


def test_a_month_that_fits_has_equal_columns() -> None:
    pieces = laid(month_of("Vincristine"))
    assert pages(pieces) == 1
    assert widths(pieces) == [110.0] * 7


def test_a_crowded_weekday_is_wider_where_that_spares_a_page() -> None:
    month = month_of(WEEKLY, bar="Mercaptopurine: by mouth, 125 mg, once a day")
    pieces = laid(month)
    assert pages(pieces) == 2
    monday, *others = widths(pieces)
    assert monday > 1.5 * max(others)
    assert sum(widths(pieces)) == pytest.approx(WIDTH, abs=0.01)


def test_a_column_is_wider_where_a_word_is_cut_inside_in_equal_ones() -> None:
    """A Russian family read "Метилпредниз / олон"."""
    pieces = laid(month_of("Vincristine", "Метилпреднизолон, 2 раза"))
    assert pages(pieces) == 1
    texts = [text for op in pieces[-1].ops if isinstance(op, TextOp) for _, text, _ in op.block.lines]
    assert "Метилпреднизолон," in texts
    assert widths(pieces)[1] == max(widths(pieces))


def test_a_day_number_stands_below_a_month_that_takes_two_lines() -> None:
    """ "29 de septiembre" of a narrow column was printed over "Día 24"."""
    days = tuple(DayCell("29", "Ciclo 13 Día 24", month="de septiembre", past=True) for _ in range(7))
    month = Month("Octubre", (), NAMES, (Week(days),), "", "")
    pieces = lay_months([month], Typesetter("patient", load_faces()), 640.0, HEIGHT)[0]
    texts = [(op.y, op.block) for op in pieces[-1].ops if isinstance(op, TextOp)]
    places = {line: (y, y + block.height) for y, block in texts for _, line, _ in block.lines}
    (label,) = [place for line, place in places.items() if line.startswith("Ciclo")]
    assert places["septiembre"][1] <= label[0]


def test_columns_stay_equal_where_no_page_is_spared() -> None:
    pieces = laid(month_of(*[WEEKLY] * 7))
    assert pages(pieces) > 1
    assert widths(pieces) == [110.0] * 7


@pytest.mark.parametrize("texts", [(WEEKLY,), ("Cyclophosphamide", WEEKLY), ("Vincristine",) * 7, ()])
def test_columns_fill_the_page_and_hold_their_longest_word(texts: tuple[str, ...]) -> None:
    setter = Typesetter("patient", load_faces())
    found = uneven([month_of(*texts)], setter)
    assert sum(found) == pytest.approx(WIDTH)
    strong = setter.styles["strong"]
    for text, wide in zip(texts, found, strict=False):
        assert max(strong.face.width(word, strong.size) for word in text.split(" ")) * 0.86 < wide


def test_a_column_holds_the_words_of_a_daily_medicine_that_stands_in_it_alone() -> None:
    """A month that began on a Sunday broke "Mercaptop-urine" in the narrow column of that day."""
    setter = Typesetter("patient", load_faces())
    month = month_of(WEEKLY, bar="Methylprednisolone: by mouth")
    first = Week(month.weeks[0].days, (WeekBar(6, 6, Line("Methylprednisolone: by mouth"), 1),))
    body = setter.styles["body"]
    word = body.face.width("Methylprednisolone:", body.size) * 0.86
    assert uneven([month], setter)[6] < word
    assert uneven([replace(month, weeks=(first, *month.weeks[1:]))], setter)[6] > word


def test_words_too_long_for_any_columns_leave_them_equal() -> None:
    month = month_of(*["Pneumonoultramicroscopicsilicovolcanoconiosis"] * 7)
    assert uneven([month], Typesetter("patient", load_faces())) == [110.0] * 7


@pytest.mark.parametrize("count", [3, 40, 95])
def test_a_week_with_more_daily_medicines_than_a_page_holds_goes_on_over_the_page(count: int) -> None:
    """Nothing runs over the foot of a page, every medicine stands once, every day's own lines as well."""
    bars = tuple(WeekBar(number % 3, 6, Line(f"Drug-{number}"), 1) for number in range(count))
    week = Week(tuple(DayCell(str(day), "", (Line(f"Test-{day}"),)) for day in range(1, 8)), bars)
    month = Month("June", (), tuple("MTWTFSS"), (week,), "June, continued", "more")
    pieces = lay_months([month], Typesetter("patient", load_faces()), 700, 400)[0]
    pages = flow(pieces, 400)
    assert all(page.used <= 400.1 for page in pages)
    assert (len(pages) > 1) == (count > 3)
    told = [
        text
        for piece in pieces
        for op in piece.ops
        if isinstance(op, TextOp)
        for _, text, _ in op.block.lines
        if text.startswith(("Drug-", "Test-"))
    ]
    assert sorted(told) == sorted([bar.line.text for bar in bars] + [f"Test-{day}" for day in range(1, 8)])


def test_columns_are_wider_where_that_keeps_a_week_in_one_piece() -> None:
    """The day of the CAR T cells was broken: the cells stood on the page behind, under "Day 1 more"."""
    crowded = tuple(Line("Stay near for some weeks, do not drive", tick=True) for _ in range(10))
    half = Week(tuple(DayCell(str(day), "Day", (Line("Test"),) * 12) for day in range(1, 8)))
    full = Week((*half.days[:6], DayCell("7", "Day", crowded)))
    month = Month("June", (), NAMES, (half, full, half), "June, continued", "more")
    pieces = laid(month)
    assert len(pieces) == 2 + 3
    assert len(set(widths(pieces))) > 1


def test_one_crowded_day_of_a_weekday_with_little_else_keeps_its_week_whole() -> None:
    """Two years of crowded Mondays made Tuesday as narrow as a rest day, and cut the one with eleven things to do."""
    full = tuple(Line("Stay near for some weeks, do not drive", tick=True) for _ in range(12))
    mondays = month_of(WEEKLY, weeks=5)
    crowded = Week((*(DayCell("1", lines=full if place == 1 else ()) for place in range(7)),))
    first = replace(mondays, weeks=(crowded, *mondays.weeks))
    setter = Typesetter("patient", load_faces())
    found = lay_months([first, mondays, mondays], setter, WIDTH, HEIGHT)
    assert [len(pieces) for pieces in found] == [2 + 6, 2 + 5, 2 + 5]


def test_one_medicine_taller_than_a_page_is_refused() -> None:
    bars = (WeekBar(0, 0, Line("drug " * 400), 1), WeekBar(0, 6, Line("Drug"), 1))
    week = Week(tuple(DayCell(str(day)) for day in range(1, 8)), bars)
    month = Month("June", (), tuple("MTWTFSS"), (week,), "June, continued", "more")
    with pytest.raises(InputProblem, match="so long that a page has no room"):
        lay_months([month], Typesetter("patient", load_faces()), 700, 400)[0]


def test_the_number_of_a_past_day_is_struck() -> None:
    """On a fax the grey is gone: a past day looked like one that is due."""
    for past in (True, False):
        week = Week((DayCell("7", lines=(Line("Vincristine", "strong", tick=True),), past=past),) * 7)
        pieces = laid(Month("May 2026", (), NAMES, (week,), "May 2026, continued", "more"))
        assert len([op for op in pieces[-1].ops if isinstance(op, RuleOp)]) == (7 if past else 0)


def test_columns_are_only_as_unlike_as_it_takes() -> None:
    """Tuesday had 180 pt and the days beside it 55, which broke their words, for a page that less would have spared."""
    month = month_of(WEEKLY, bar="Mercaptopurine: by mouth, 125 mg, once a day")
    setter = Typesetter("patient", load_faces())
    monday, *others = widths(laid(month))
    most = uneven([month], setter)[0]
    assert WIDTH / 7 < monday < most - 5
    assert min(others) >= min(uneven([month], setter)[1:])


@pytest.mark.parametrize(("ticks", "rows"), [(2, 1), (6, 1), (9, 2)])
def test_the_boxes_of_a_day_stand_in_one_row_where_they_fit_closer(ticks: int, rows: int) -> None:
    """On Letter five of six boxes stood beside each other and one below."""
    bars = (WeekBar(0, 6, Line("Eye drops"), ticks),)
    week = Week(tuple(DayCell(str(day)) for day in range(1, 8)), bars)
    month = Month("June", (), tuple("MTWTFSS"), (week,), "June, continued", "more")
    ops = lay_months([month], Typesetter("patient", load_faces()), 720, 400)[0][-1].ops
    boxes = [op for op in ops if isinstance(op, BoxOp) and 0 < op.width < 14]
    assert len(boxes) == 7 * ticks
    assert len({round(op.y) for op in boxes}) == rows
    first = sorted(op.x for op in boxes if op.x < 100)
    assert all(right - left > 11 for left, right in pairwise(sorted(set(first))))


def test_a_week_that_goes_on_over_the_page_says_on_its_other_days_where_they_stand() -> None:
    """Six empty cells beside the rest of a day: nobody knew whether nothing was due on them."""
    crowded = tuple(Line(f"Test-{number}", tick=True) for number in range(60))
    days = (DayCell("1", "Day 1", crowded), *(DayCell(str(day), "", (Line("Rest"),)) for day in range(2, 8)))
    month = Month("June", (), NAMES, (Week(days),), "June, continued", "more", earlier="See the page before")
    told = [
        [text for op in piece.ops if isinstance(op, TextOp) for _, text, _ in op.block.lines]
        for piece in laid(month)[2:]
    ]
    assert len(told) > 1
    assert "Rest" in told[0]
    for texts in told[1:]:
        assert " ".join(texts).count("See the page before") == 6


def test_all_months_of_a_calendar_share_their_columns() -> None:
    """Monday was 13 % of one page and 40 % of the next: a family looks for a weekday where it stood before."""
    crowded = month_of(WEEKLY, bar="Mercaptopurine: by mouth, 125 mg, once a day")
    found = lay_months(
        [month_of("Vincristine"), crowded, month_of()], Typesetter("patient", load_faces()), WIDTH, HEIGHT
    )
    assert widths(found[0]) == widths(found[1]) == widths(found[2])
    assert widths(found[0])[0] > max(widths(found[0])[1:])
    assert min(widths(found[0])) >= WIDTH / 9


def test_columns_stay_equal_for_a_page_in_many() -> None:
    """One crowded month of six, a page less: not worth that all of them are uneven."""
    crowded = month_of(WEEKLY, bar="Mercaptopurine: by mouth, 125 mg, once a day")
    months = [crowded, *[month_of("Vincristine")] * 12]
    assert {tuple(widths(one)) for one in lay_months(months, Typesetter("patient", load_faces()), WIDTH, HEIGHT)} == {
        (110.0,) * 7
    }


@pytest.mark.parametrize("label", ["Day 3", "Lymphodepletion: Day −7, Induction 2: Day 12"])
def test_the_labels_of_a_week_stand_all_beside_their_numbers_or_all_below(label: str) -> None:
    """ "9 Cycle 2 Day 44" stood beside "10", and its "Cycle 2 Day 45" below."""
    days = (DayCell("9", label), *(DayCell(str(day), "Day 4") for day in range(10, 16)))
    (week,) = laid(Month("May", (), NAMES, (Week(days),), "again", "more"))[2:]
    tops = {plain(text): op.y for op in week.ops if isinstance(op, TextOp) for _, text, _ in op.block.lines}
    assert tops["Day 4"] > tops["10"] + 12 if len(label) > 8 else tops["Day 4"] < tops["10"] + 6


def test_a_day_of_a_neighbour_names_its_month_beside_its_number() -> None:
    days = tuple(DayCell(str(day), f"Day {day}", month="April" if day > 20 else "") for day in (30, 1, 2, 3, 4, 5, 6))
    (week,) = laid(Month("May", (), NAMES, (Week(days),), "again", "more"))[2:]
    places = {plain(text): (op.x, op.y) for op in week.ops if isinstance(op, TextOp) for _, text, _ in op.block.lines}
    assert places["30"][0] < places["April"][0] < places["Day 30"][0]
    assert places["April"][1] == pytest.approx(places["Day 30"][1], abs=3)


def test_pages_of_a_month_hold_as_many_weeks_each_where_their_heights_allow() -> None:
    """One week filled a page and three shared the next, because the three were as tall as the first two."""

    def week(lines: int) -> Week:
        return Week((DayCell("1", lines=(Line("Test"),) * lines), *(DayCell(str(day)) for day in range(2, 8))))

    weeks = (week(9), week(9), week(5), week(2))
    pieces = laid(Month("June", (), NAMES, weeks, "June, continued", "more"))[2:]
    assert [piece.new_page for piece in pieces] == [False, False, True, False]


def test_no_other_columns_are_tried_where_even_the_best_would_not_be_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every month has a page at least: a calendar of three years was laid out twice to find that again."""
    tried: list[tuple[float, ...]] = []
    laid_out = month_module._all_laid
    monkeypatch.setattr(
        month_module, "_all_laid", lambda rooms, setter, edges: (tried.append(edges), laid_out(rooms, setter, edges))[1]
    )
    crowded = month_of(WEEKLY, bar="Mercaptopurine: by mouth, 125 mg, once a day")
    alone = len(lay_months([crowded], Typesetter("patient", load_faces()), WIDTH, HEIGHT)[0])
    assert len(tried) > 1, "a page may be spared of one month"
    tried.clear()
    lay_months([crowded, *[month_of("Vincristine")] * (12 * alone)], Typesetter("patient", load_faces()), WIDTH, HEIGHT)
    assert len(tried) == 1


def test_a_day_that_is_cut_says_so_where_it_is_cut() -> None:
    """A family saw paracetamol alone on the day of the cells, which stood on the next page."""
    crowded = tuple(Line(f"Test-{number}", tick=True) for number in range(60))
    days = (DayCell("1", "Day 1", crowded), *(DayCell(str(day), "", (Line("Rest"),)) for day in range(2, 8)))
    month = Month("June", (), NAMES, (Week(days),), "June, continued", "more", further="More below")
    told = [
        [text for op in piece.ops if isinstance(op, TextOp) for _, text, _ in op.block.lines]
        for piece in laid(month)[2:]
    ]
    assert len(told) > 1
    assert [texts.count("More below") for texts in told] == [*[1] * (len(told) - 1), 0]
    assert [text for texts in told for text in texts if text.startswith("Test-")] == [line.text for line in crowded]


def test_the_headline_of_a_month_stands_for_its_title() -> None:
    month = Month("June", (), NAMES, (Week((DayCell("1"),) * 7),), "June, continued", "more", headline="May and June")
    first, *_ = laid(month)
    assert [text for op in first.ops if isinstance(op, TextOp) for _, text, _ in op.block.lines] == ["May and June"]


def test_further_pages_name_the_months_of_their_weeks() -> None:
    """The first week of November was broken, and the rest of it stood under "December and January, continued"."""
    crowded = tuple(Line(f"Test-{number}") for number in range(40))
    late = Week((DayCell("23", lines=crowded), *(DayCell(str(day)) for day in range(24, 30))))
    early, new = (replace(late, days=(DayCell("1"),) * 7, part=part) for part in (1, 2))
    month = Month("December", (), NAMES, (late, early, new), "", "more", headline="November to January")
    named = {(0, 0): "November", (0, 1): "November and December", (0, 2): "All", (1, 2): "Later", (2, 2): "January"}
    heads = [
        [text for op in piece.heads[0].ops if isinstance(op, TextOp) for _, text, _ in op.block.lines]
        for piece in laid(replace(month, spans=named))[2:]
        if piece.new_page
    ]
    assert heads == [["November"], ["Later"]]
