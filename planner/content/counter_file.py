"""Counter files: what is counted over a course. Shipped only, so they are taken as written."""

import tomllib
from decimal import Decimal
from pathlib import Path

from planner.model.counter import CounterRule


def build_counters(text: str) -> tuple[CounterRule, ...]:
    """The counters of a shipped file, in its order."""
    return tuple(
        CounterRule(
            id=table["id"],
            title=table["title"],
            count=table["count"],
            earlier=table["earlier"],
            agents=tuple(table.get("agents", ())),
            classes=tuple(table.get("classes", ())),
            routes=tuple(table.get("routes", ())),
            kinds=tuple(table.get("kinds", ())),
            factors=tuple((agent, Decimal(factor)) for agent, factor in table.get("factors", {}).items()),
            reference=table.get("reference", ""),
            evidence=table.get("evidence", ""),
        )
        for table in tomllib.loads(text)["counters"]
    )


def shipped_counters(shipped: Path) -> tuple[CounterRule, ...]:
    """All shipped counters, file by file."""
    files = sorted((shipped / "counters").rglob("*.toml"))
    return tuple(one for path in files for one in build_counters(path.read_text("utf-8")))
