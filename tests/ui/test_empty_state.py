"""What stands in the middle where nothing is drawn stands in the middle, however wide the room is."""

import pytest

from ui.panels.empty_state import EmptyState


@pytest.mark.parametrize("width", [340, 640, 1400])
def test_all_of_it_is_centred(qtbot, width):
    state = EmptyState(
        "No plan is open", "Make one for a new patient, or choose a patient on the left.", "New patient…"
    )
    qtbot.addWidget(state)
    state.resize(width, 480)
    state.show()
    middles = {2 * part.geometry().center().x() for part in (state.title, state.words, state.button)}
    assert all(abs(middle - width) <= 4 for middle in middles), middles
    assert state.words.width() <= width
