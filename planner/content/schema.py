"""The JSON Schemas of protocol and rule files, for editors and other programs: made from the shapes, never by hand.

`python -m planner.content.schema resources/schema` writes them anew; a test fails while the written ones are stale.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from planner.model.rule_kinds import KINDS


def schema_texts() -> Mapping[str, str]:
    """Each schema's file name with its text."""
    from planner.content.protocol_shape import ProtocolShape
    from planner.content.rule_shape import RuleShape

    protocol, rule = ProtocolShape.model_json_schema(), RuleShape.model_json_schema()
    rule["properties"]["kind"]["enum"] = list(KINDS)
    return {"protocol.schema.json": _text(protocol), "rule.schema.json": _text(rule)}


def _text(schema: Mapping[str, object]) -> str:
    full = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(full, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Write both schemas into an existing folder."""
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
