"""The JSON Schemas that stand in resources/schema, and the words the shapes share with the model."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

from planner.content.protocol_shape import AssessmentShape, OrderShape, ProtocolShape
from planner.content.rule_shape import RuleShape
from planner.content.schema import schema_texts, write_schemas
from planner.model.finding import SEVERITIES
from planner.model.protocol import ROLES, ROUTES
from planner.model.rule_kinds import KINDS
from tests.content.texts import GOOD

FOLDER = Path(__file__).parents[2] / "resources" / "schema"


def test_the_written_schemas_are_fresh():
    for name, text in schema_texts().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, (
            f"run: python -m planner.content.schema {FOLDER.name}"
        )


def test_writing_them_gives_the_same(tmp_path):
    write_schemas(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == schema_texts()


def test_the_schemas_close_every_table():
    for text in schema_texts().values():
        schema = json.loads(text)
        tables = [schema, *schema["$defs"].values()]
        assert all(table["additionalProperties"] is False for table in tables if table.get("type") == "object")


def test_the_shapes_use_the_words_of_the_model():
    assert get_args(OrderShape.model_fields["role"].annotation) == ROLES[:-2]
    assert set(ROLES[-2:]) == set(get_args(AssessmentShape.model_fields["kind"].annotation))
    assert get_args(OrderShape.model_fields["route"].annotation) == ROUTES
    assert get_args(RuleShape.model_fields["severity"].annotation) == SEVERITIES
    rule = json.loads(schema_texts()["rule.schema.json"])
    assert rule["properties"]["kind"]["enum"] == list(KINDS)


def test_every_key_of_the_format_stands_in_the_sample_so_that_each_is_tested():
    data = tomllib.loads(GOOD)
    orders = [order for phase in data["phases"] for order in phase["orders"]]
    assert {key for order in orders for key in order} == set(OrderShape.model_fields)
    assert set(data) | {"superseded_by"} == set(ProtocolShape.model_fields)
    assert {key for phase in data["phases"] for item in phase.get("assessments", ()) for key in item} | {
        "kind",
        "note",
    } == set(AssessmentShape.model_fields)


def test_the_command_writes_them(tmp_path):
    subprocess.run([sys.executable, "-m", "planner.content.schema", tmp_path], check=True, cwd=FOLDER.parents[1])
    assert {path.name for path in tmp_path.iterdir()} == set(schema_texts())
