"""A block that the trial gives no end: its kinase inhibitor goes on, and no sheet reads as a stop."""

import pytest

from planner.model.going_on import goes_beyond
from tests.exports.papers import lines_of, make, shipped

OPEN = {"hyper-cvad-dasatinib": "tki-alone", "hyper-cvad-ponatinib": "tki-alone", "d-alba": "tki-maintenance"}


def texts(protocol: str, kind: str) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(make(shipped(protocol), kind))]


@pytest.mark.parametrize("protocol", OPEN)
def test_a_drug_of_the_last_block_goes_on(protocol: str) -> None:
    """Dasatinib "without an end date" stopped with the 28 days drawn of it: "last day", "nothing is planned after"."""
    assert any("has no end of its own" in text for text in texts(protocol, "roadmap"))
    assert any("It goes on after the last day of this plan." in text for text in texts(protocol, "calendar"))
    if protocol != "d-alba":  # its dose is the site's to enter
        assert "goes on, no end planned" in texts(protocol, "supply")
    assert "goes on, no end planned" in texts(protocol, "roadmap")


def test_only_what_is_taken_to_the_end_of_such_a_block_goes_on() -> None:
    found = [one for one in shipped("hyper-cvad-dasatinib").schedule.events if goes_beyond(one)]
    assert {one.placed.block.id for one in found} == {"tki-alone"}
    assert {one.day for one in found} == {one.placed.block.end - 1 for one in found}
