"""Doses and dates come through a fax, as character recognition reads it (promises P5)."""

import os
from collections import Counter

import pypdfium2
import pytest

from tests.exports.fax import TESSERACT, Read, as_read, faxed, sample, told
from tests.exports.papers import printed, shipped

SEEDS = range(1, 1 + int(os.environ.get("REGIMAP_FAX", "6")))
"""A sample each, of a page a protocol: one alone may pass or fail by luck."""
ASKED = 0.005
"""Part of the doses and dates that may be missed (promises P5)."""


def test_doses_and_dates_are_what_has_to_be_read() -> None:
    text = "Methotrexate 1,453 mg (1.5 g/m2), 2 tablets\r\nTue 03-Mar-2026 from 09:00; 30 November 2026; 28 days"
    assert told(text) == Counter(["1,453mg", "1.5g/m2", "03-Mar-2026", "30November2026"])


def test_a_space_lost_behind_the_unit_is_no_miss() -> None:
    assert told("40 mga day") == told("40 mg a day")
    assert not told("40 mgs")


def test_a_number_that_grew_a_digit_is_missed() -> None:
    """On a fax the stroke of a broken frame beside "136 mg" was once read as "1136 mg"."""
    page = Read("page", told("136 mg and 136 mg"), {"11": told("136 mg and 1136 mg"), "3": told("1136 mg")})
    assert page.missed(letters=True) == Counter({"136mg": 1})


def test_a_letter_of_the_unit_is_told_apart_from_a_number() -> None:
    page = Read("page", told("28 mcg"), {"11": told("28 meg"), "3": told("28 nicg")})
    assert page.missed(letters=True) == Counter({"28mcg": 1})
    assert not page.missed(letters=False)
    assert not Read("page", told("2 mg"), {"11": told("2 meg")}).missed(letters=False)
    assert Read("page", told("2 mg"), {"11": told("2 mcg")}).missed(letters=False), "a thousandth of it"


def test_a_faxed_page_is_black_and_white() -> None:
    page = pypdfium2.PdfDocument(printed(shipped("blinatumomab-mrd"), "bags"))[0]
    head, size, most, dots = faxed(page).split(b"\n", 3)
    across, down = map(int, size.split())
    assert (head, most, len(dots)) == (b"P5", b"255", across * down)
    assert set(dots) == {0, 255}
    assert across / page.get_width() > down / page.get_height(), "its dots are taller than wide"


def test_a_fax_is_read_in_square_dots() -> None:
    page = pypdfium2.PdfDocument(printed(shipped("blinatumomab-mrd"), "bags"))[0]
    _, size, *_ = as_read(faxed(page)).split(b"\n", 3)
    across, down = map(int, size.split())
    assert abs(across / page.get_width() - down / page.get_height()) < 0.01


# The program that reads is one of the system: no package of the project brings it, and no sheet depends on it.
@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(TESSERACT is None, reason="needs tesseract, which is no package of Python")
def test_doses_and_dates_are_read_from_a_fax() -> None:
    """Which letters of a unit are misread ("meg" for mcg) is told beside it."""
    pages = [*sample(SEEDS)]
    wanted = sum(page.wanted.total() for page in pages)
    exact, numbers = (sum(page.missed(letters=letters).total() for page in pages) for letters in (True, False))
    told_of = {page.name: dict(page.missed(letters=True)) for page in pages if page.missed(letters=True)}
    print(f"{len(pages)} pages, {wanted} doses and dates: {exact} not read as they stand, {numbers} numbers; {told_of}")
    if wanted <= 5 * len(pages):
        pytest.fail("the pages hold too little to be read")
    assert exact <= wanted * ASKED, told_of
