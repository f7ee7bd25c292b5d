"""A sheet as PDF/A-2b, the form that archives keep: the same pages, with what the norm asks of the file around them."""

from io import BytesIO

from planner.errors import EnvironmentProblem


def archive_pdf(pdf: bytes) -> bytes:
    """The same document as PDF/A-2b. Its bytes differ from time to time, for the norm's metadata carry the moment.

    Raises EnvironmentProblem where the library for it is not installed, or where it finds the result wanting.
    """
    try:
        import pikepdf
        import pikepdf.pdfa
    except ImportError as error:
        raise EnvironmentProblem(
            "the archive edition needs the Python package pikepdf[pdfa]; the README says how to add it"
        ) from error
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        report = pikepdf.pdfa.save(document, target, "2b", deterministic_id=True)
    if not report.passed:
        raise EnvironmentProblem("the sheet cannot be made an archive edition; print it without")
    return target.getvalue()
