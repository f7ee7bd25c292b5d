"""The start-up path never loads what only checking needs."""

import subprocess
import sys

from planner.paths import resources
from tests.content.texts import GOOD

SCRIPT = """
import sys
from pathlib import Path
from planner.content.library import build_rules_and_agents
from planner.content.protocol_file import build_protocol, make_pin
from planner.content.patient_file import build_patient
build_rules_and_agents(Path(sys.argv[1]))
make_pin(sys.stdin.read())
slow = {"pydantic", "planner.content.shape", "planner.content.protocol_sense"} & set(sys.modules)
sys.exit(f"loaded: {slow}" if slow else 0)
"""


def test_building_loads_neither_pydantic_nor_the_checks():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(resources())], input=GOOD, text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
