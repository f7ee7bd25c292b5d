"""The import contracts hold, and each of them catches a fault planted for it."""

import pytest

from tests.architecture import contracts
from tests.architecture.imports import read_modules

PLANTED = [
    ("planner_knows_no_window", {"planner/services/evaluation.py": "from PySide6 import QtCore"}),
    ("planner_knows_no_window", {"planner/exports/new.py": "def f():\n    import ui.theme"}),
    ("imports_go_down", {"planner/model/quantity.py": "from planner.assembly.dosing import dose"}),
    ("imports_go_down", {"planner/model/quantity.py": "from planner.errors import Refusal"}),
    ("imports_go_down", {"planner/storage/new.py": "from planner.services import evaluation"}),
    ("imports_go_down", {"planner/services/new.py": "import planner.cli.main"}),
    ("imports_go_down", {"planner/paths.py": "from planner.storage import database"}),
    ("imports_go_down", {"ui/app.py": "from planner.cli import main"}),
    ("stations_stand_apart", {"planner/checking/new.py": "from planner.assembly.assemble import assemble"}),
    ("stations_stand_apart", {"planner/exports/new.py": "def f():\n    import planner.storage.plan_codec"}),
    ("sheets_stand_apart", {"planner/exports/sheets/day/new.py": "import planner.exports.sheets.supply.further"}),
    ("sheets_stand_apart", {"planner/exports/sheets/new.py": "def f():\n    import planner.exports.sheets.day.off"}),
    ("every_module_has_a_place", {"planner/utils.py": ""}),
    ("every_module_has_a_place", {"ui/extras/tricks.py": ""}),
    ("nouns_need_only_python", {"planner/model/patient.py": "import attrs"}),
    ("pure_stations_do_no_io", {"planner/model/patient.py": "import sqlite3"}),
    ("pure_stations_do_no_io", {"planner/assembly/new.py": "from pathlib import Path"}),
    ("pure_stations_do_no_io", {"planner/timeline/new.py": "text = open('x').read()"}),
    ("pure_stations_do_no_io", {"planner/checking/new.py": "def f():\n    import logging"}),
    ("slow_libraries_wait", {"planner/analysis/new.py": "import pandas as pd"}),
    ("slow_libraries_wait", {"planner/exports/new.py": "if True:\n    from reportlab.pdfgen import canvas"}),
    ("slow_libraries_wait", {"planner/content/library.py": "from planner.content.shape import Shape"}),
    ("slow_libraries_wait", {"planner/content/library.py": "from planner.content.rule_shape import RuleShape"}),
    ("slow_libraries_wait", {"planner/content/rule_shape.py": "from pydantic import BaseModel"}),
    ("slow_libraries_wait", {"planner/content/library.py": "from pydantic import BaseModel"}),
    (
        "packages_are_doors_only",
        {"planner/services/__init__.py": '"""Door."""\nfrom planner.services import evaluation'},
    ),
    ("packages_are_doors_only", {"planner/model/__init__.py": ""}),
    ("imports_are_absolute", {"planner/services/new.py": "from . import evaluation"}),
    ("names_come_from_their_home", {"planner/services/new.py": "from planner.services.evaluation import Plan"}),
    (
        "nothing_turns_in_a_circle",
        {"planner/model/one.py": "import planner.model.two", "planner/model/two.py": "from planner.model.one import A"},
    ),
    (
        "nothing_turns_in_a_circle",
        {
            "ui/panels/one.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ui.panels.two import A",
            "ui/panels/two.py": "def f():\n    from ui.panels import one",
        },
    ),
    (
        "packages_turn_in_no_circle",
        {"planner/errors.py": "import planner.paths", "planner/paths.py": "def f():\n    import planner.errors"},
    ),
    ("window_keeps_its_order", {"ui/models/new.py": "from ui.panels import findings"}),
    ("window_keeps_its_order", {"ui/panels/new.py": "import ui.dialogs.new_plan"}),
    ("window_keeps_its_order", {"ui/theme.py": "from ui.app import main"}),
    ("window_uses_the_door", {"ui/panels/new.py": "from planner.storage.database import connect"}),
    ("window_uses_the_door", {"ui/desk.py": "from planner.exports.pdf.writer import write"}),
]


@pytest.mark.parametrize("contract", contracts.CONTRACTS, ids=lambda contract: contract.__name__)
def test_house_keeps_contract(contract):
    assert contract(read_modules()) == []


@pytest.mark.parametrize(("name", "files"), PLANTED, ids=str)
def test_contract_catches_planted_fault(name, files):
    contract = getattr(contracts, name)
    before = contract(read_modules())
    after = contract(read_modules(files))
    assert [line for line in after if line not in before]


def test_every_contract_has_a_planted_fault():
    assert {name for name, _ in PLANTED} == {contract.__name__ for contract in contracts.CONTRACTS}
