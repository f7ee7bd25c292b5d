"""The archive edition: PDF/A-2b as judged by a validator that did not write it, with the same text on its pages."""

import builtins
from io import BytesIO
from pathlib import Path

import page as validator
import pikepdf
import pypdf
import pytest

from planner.errors import EnvironmentProblem
from planner.exports.pdf.archive import archive_pdf
from tests.exports.papers import BUILDERS, course, page_texts, printed

STREAM_LENGTH = "PDFA2B-STREAM-LENGTH-001"
"""The judge takes a last byte of a stream that happens to be a carriage return for a part of the line's end."""


def lengths_are_right(file: Path) -> bool:
    with pikepdf.open(file) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        return all(len(one.read_raw_bytes()) == int(one.stream_dict["/Length"]) for one in streams)


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_sheet_is_a_valid_archive_file(kind: str, tmp_path) -> None:
    pdf = printed(course(), kind)
    kept = tmp_path / "kept.pdf"
    kept.write_bytes(archive_pdf(pdf))
    judged = validator.validate_pdf(str(kept), profile=validator.ValidationProfile.PDF_A_2B)
    assert [one for one in judged.failures if one.rule_id != STREAM_LENGTH] == []
    if judged.failures:
        assert lengths_are_right(kept)
    assert page_texts(kept.read_bytes()) == page_texts(pdf)
    title = pypdf.PdfReader(BytesIO(kept.read_bytes())).metadata.title
    assert title == pypdf.PdfReader(BytesIO(pdf)).metadata.title
    assert "Example" not in str(title)


def test_the_judge_finds_what_is_no_archive_file(tmp_path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(printed(course(), "supply"))
    assert not validator.validate_pdf(str(plain), profile=validator.ValidationProfile.PDF_A_2B).is_compliant


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: object, **options: object) -> object:
        if name.startswith("pikepdf"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EnvironmentProblem, match=r"needs the Python package pikepdf\[pdfa\]"):
        archive_pdf(b"")
