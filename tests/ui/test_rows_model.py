"""The one item model: flat rows, keys that find them again, and what Qt's own model tester demands."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from planner.paths import resources
from planner.services.catalogue import load_library, search
from planner.services.demo import demo_plan
from planner.services.evaluation import evaluate
from ui.models.catalogue_list import CATALOGUE_COLUMNS
from ui.models.finding_table import FINDING_COLUMNS, by_severity
from ui.models.history_table import HISTORY_COLUMNS, steps
from ui.models.plan_list import plan_columns
from ui.models.rows_model import DETAIL_ROLE, KEY_ROLE, Column, RowsModel
from ui.models.schedule_table import SCHEDULE_COLUMNS, event_key


@pytest.fixture(scope="module")
def library():
    return load_library(resources())


@pytest.fixture(scope="module")
def evaluated(library):
    return evaluate(demo_plan(resources()), library)


def _filled(name, library, evaluated):
    columns, key, rows = {
        "schedule": (SCHEDULE_COLUMNS, event_key, evaluated.schedule.events),
        "findings": (FINDING_COLUMNS, lambda one: one.id, by_severity(evaluated.findings)),
        "history": (HISTORY_COLUMNS, lambda one: one.number, steps(("Move a", "Move b"), 1)),
        "catalogue": (CATALOGUE_COLUMNS, lambda one: one.protocol.id, search(library, "")),
        "plans": (plan_columns({}), lambda one: one.plan_id, ()),
    }[name]
    model = RowsModel(columns, key)
    model.show(rows)
    return model


@pytest.mark.parametrize("name", ["schedule", "findings", "history", "catalogue", "plans"])
def test_model_keeps_qts_rules(qtmodeltester, library, evaluated, name):
    model = _filled(name, library, evaluated)
    qtmodeltester.check(model)
    model.show(())
    qtmodeltester.check(model)


def test_table_of_schedule_is_twin_of_the_events(library, evaluated):
    model = _filled("schedule", library, evaluated)
    assert model.rowCount() == len(evaluated.schedule.events) > 100
    keys = [model.key_at(number) for number in range(model.rowCount())]
    assert len(set(keys)) == len(keys)
    assert model.row_of(keys[57]) == 57


def test_every_cell_is_text(library, evaluated):
    model = _filled("schedule", library, evaluated)
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text = model.data(index)
            assert isinstance(text, str)
            title = model.headerData(column, Qt.Orientation.Horizontal)
            assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == f"{title}: {text}"


def test_dose_column_reads_as_a_dose(library, evaluated):
    model = _filled("schedule", library, evaluated)
    titles = [column.title for column in SCHEDULE_COLUMNS]
    doses = {model.data(model.index(row, titles.index("Dose"))) for row in range(model.rowCount())}
    assert {"140 mg", "28 mcg", "dose to enter"} <= doses


def test_same_rows_do_not_reset(qtbot, library, evaluated):
    model = _filled("schedule", library, evaluated)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(evaluated.schedule.events)
    with qtbot.waitSignal(model.modelReset):
        model.show(evaluated.schedule.events[:3])


def test_as_many_other_rows_change_what_they_say_and_reset_nothing(qtbot):
    model = RowsModel([Column("Name", str), Column("Length", lambda row: str(len(row)))], key=len)
    model.show(("a", "bb"))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as told:
        model.show(("ccc", "dddd"))
    first, last = told.args[:2]
    assert (first.row(), first.column(), last.row(), last.column()) == (0, 0, 1, 1)
    assert [model.data(model.index(row, 0)) for row in (0, 1)] == ["ccc", "dddd"]


def test_roles_of_a_list_row():
    column = Column("Name", text=str.upper, detail=str.lower)
    model = RowsModel([column], key=len)
    model.show(("Abc",))
    index = model.index(0, 0)
    assert (model.data(index), model.data(index, DETAIL_ROLE), model.data(index, KEY_ROLE)) == ("ABC", "abc", 3)
    assert model.data(QModelIndex()) is None
    assert model.key_at(7) is None


def test_history_marks_where_the_plan_stands():
    told = [(step.text, step.current, step.undone) for step in steps(("Move a", "Move b"), 1)]
    assert told == [("Plan as opened", False, False), ("Move a", True, False), ("Move b", False, True)]
