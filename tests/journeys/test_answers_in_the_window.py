"""Courses that hang on answers, in the window by its own forms: a response, a limit, cells and then a graft."""

from collections import Counter

import pytest

from planner.model.cycle_content import State
from planner.model.plan import Scope
from tests.journeys.test_a_year_in_the_window import Window, ph
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.protocol_choice import ProtocolDialog


@pytest.fixture
def window(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as desk:
        yield Window(qtbot, desk)


def add_after(window: Window, protocol: str, block: str, gap: int) -> None:
    """Place a protocol so many days after a block that is there."""
    window.desk.window.act("add_protocol")
    dialog = open_dialog(window.qtbot, window.desk, ProtocolDialog)
    dialog.list.search.setText(protocol)
    dialog.list.table.select_key(protocol)
    dialog.after.setCurrentIndex(dialog.after.findData(block))
    dialog.gap.setValue(gap)
    dialog.accept()
    assert not dialog.isVisible()


def ponatinib(window: Window) -> Counter[tuple[str, State]]:
    """How many doses of each amount, in which state."""
    doses = [one for one in window.evaluated.schedule.events if one.placed.agent == "ponatinib" and one.dose]
    return Counter((str(one.dose.value), one.state) for one in doses)


def told(window: Window) -> list[str]:
    return [f"{one.rule} {one.severity}" for one in window.evaluated.findings]


def test_ponatinib_goes_from_45_to_30_and_to_15_once_the_response_is_complete(window):
    window.begin("hyper-cvad-ponatinib", ph("positive"))
    every = sum(ponatinib(window).values())
    assert ponatinib(window)["45", State.PLANNED] == 14, "two weeks of course 1"
    assert ponatinib(window)["30", State.PROVISIONAL] == 42
    window.decide("cmr-1", "no")
    assert ponatinib(window)["30", State.PLANNED] == 42
    window.decide("cmr-3", "yes", "BCR::ABL1 not detected")
    assert ponatinib(window) == {
        ("45", State.PLANNED): 14,
        ("30", State.PLANNED): 42,
        ("15", State.PLANNED): every - 56,
    }
    before = window.days("part-b-2/4/ponatinib-15-from-cmr-3")
    window.defer("part-b-2/4/methotrexate-2-h", 1, 3, Scope.CYCLE)
    assert window.days("part-b-2/4/ponatinib-15-from-cmr-3") == before, "tablets do not wait for the infusion"
    window.desk.window.act("undo")
    window.decide("cmr-1", "yes", "seen on another sample")
    assert ponatinib(window) == {("45", State.PLANNED): 14, ("15", State.PLANNED): every - 14}


def test_a_third_cycle_of_inotuzumab_before_a_transplant_is_told_of(window):
    window.begin("inotuzumab-rr", ph("negative"))
    assert window.doses("cycle-2/2/inotuzumab-day-1") == ["0.91"]
    window.decide("week-4", "extend")
    window.decide("response-1", "no-cr", "40 % blasts")
    assert window.doses("cycle-2/2/inotuzumab-day-1") == ["1.45"]
    assert window.start("cycle-2") - window.start("cycle-1") == 28
    window.decide("response-2", "transplant", "CR, MRD negative")
    assert window.blocks() == ["cycle-1", "cycle-1-week-4", "cycle-2", "what-comes-next"]
    add_after(window, "hsct-cy-tbi", "cycle-2", 14)
    assert window.start("conditioning") == window.evaluated.schedule.block("cycle-2").end + 14
    assert "IO-02 warning" not in told(window)
    window.decide("response-2", "cr", "donor late")
    assert "IO-02 warning" in told(window)
    window.desk.window.act("undo")
    assert "IO-02 warning" not in told(window)


def test_a_graft_after_car_t_cells_waits_for_them_and_can_be_left_out(window):
    window.begin("brexu-cel", ph("negative"))
    add_after(window, "hsct-cy-tbi", "infusion", 60)
    start = window.start("conditioning")
    window.defer("infusion/1/brexu-cel", 0, 4, Scope.FOLLOWING)
    assert window.start("conditioning") == start + 4, "the graft waits for the cells"
    window.select("conditioning/1/cyclophosphamide", -3)
    window.desk.window.act("remove")
    assert window.blocks() == ["lymphodepletion", "infusion"]
