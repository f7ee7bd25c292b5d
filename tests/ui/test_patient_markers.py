"""Markers in the patient form: what the rules ask for, in the words the rules know."""

import pytest
from msgspec.structs import replace

from planner.content.facts import MARKERS
from planner.paths import resources
from planner.services.catalogue import load_library
from tests.ui.desks import shipped_library
from tests.ui.patient_forms import KNOWN, TODAY
from ui.dialogs.markers import asked_markers
from ui.dialogs.patient import PatientDialog
from ui.tongue import fact_title, use_language


def test_markers_of_the_content_are_asked():
    asked = asked_markers(load_library(resources()))
    assert "cns" in asked
    assert not {"age", "sex", "weight", "bsa"} & set(asked)
    assert not [marker for marker in asked if "." in marker]


def test_what_most_protocols_are_chosen_by_is_asked_first(qtbot):
    """The Philadelphia chromosome stood nineteenth, below infections, pregnancy and asparaginase."""
    library = shipped_library()
    asked = list(asked_markers(library))
    assert asked[:2] == ["ph", "cd19"]
    rest = asked[asked.index("acute-infection") :]
    assert rest == sorted(rest, key=lambda marker: fact_title(marker).casefold())
    dialog = PatientDialog(None, today=TODAY, agents=library.agents, asked=asked_markers(library))
    qtbot.addWidget(dialog)
    assert list(dialog.disease.markers) == asked


@pytest.mark.parametrize(
    ("marker", "typed", "says"),
    [
        ("hbsag", "pos", '"pos" is not one of positive, negative'),
        ("acute-infection", "positive", '"positive" is not one of yes, no'),
        ("tpmt", "PM", "normal, intermediate, poor"),
    ],
)
def test_marker_no_rule_understands_is_refused_not_taken_for_no(qtbot, marker, typed, says):
    library = shipped_library()
    dialog = PatientDialog(None, today=TODAY, agents=library.agents, asked=asked_markers(library))
    qtbot.addWidget(dialog)
    dialog.disease.markers[marker].setCurrentText(typed)
    assert [problem for problem in dialog.find_problems() if says in problem]
    dialog.disease.markers[marker].setCurrentText(dialog.disease.markers[marker].itemText(1))
    assert not [problem for problem in dialog.find_problems() if says in problem]


def test_every_known_value_of_a_marker_can_be_chosen(qtbot):
    library = shipped_library()
    dialog = PatientDialog(None, today=TODAY, agents=library.agents, asked=asked_markers(library))
    qtbot.addWidget(dialog)
    boxes = dialog.disease.markers.items()
    offered = {name: [box.itemText(at) for at in range(box.count())] for name, box in boxes}
    assert offered["third-space"] == ["", "yes", "no"]
    assert offered["tpmt"] == ["", "normal", "intermediate", "poor"]


def test_markers_with_letters_for_a_name_have_words():
    known = [marker for marker in asked_markers(shipped_library()) if marker in ("ph", "cns", "mrd", "hbsag")]
    assert known
    assert all(len(fact_title(marker)) > len(marker) + 4 for marker in known)


def test_values_of_markers_are_shown_in_the_language_and_kept_as_the_rules_know_them(qtbot):
    use_language("es")
    library = shipped_library()
    patient = replace(KNOWN, markers=(("cd19", "positive"), ("own", "x")))
    dialog = PatientDialog(patient, today=TODAY, agents=library.agents, asked=asked_markers(library))
    qtbot.addWidget(dialog)
    boxes = dialog.disease.markers
    assert [boxes["cd19"].currentText(), boxes["own"].currentText()] == ["positivo", "x"]
    assert dict(dialog.patient().markers) == {"cd19": "positive", "own": "x"}
    for typed in ("sí", "yes"):
        boxes["third-space"].setCurrentText(typed)
        assert dict(dialog.patient().markers)["third-space"] == "yes"
    boxes["hbsag"].setCurrentText("pos")
    assert [one for one in dialog.find_problems() if "«pos» no es ninguno de positivo, negativo" in one]


def test_every_marker_that_rules_know_has_a_name_of_its_own():
    use_language("en")
    assert [one for one in MARKERS if one != "sex" and fact_title(one) == one.capitalize() and not one.isalpha()] == []
    assert fact_title("down-syndrome") == "Down syndrome"
