"""Plans of long ago, held as small as they can be: the text of one, and of each after it what differs.

Undo goes back without limit, and an evaluated plan with its findings and lanes takes over a hundred kilobytes; what
people decided changes by some hundred letters from one edit to the next. The text is the one the store keeps.
"""

import json
import zlib

from planner.model.plan import Plan
from planner.storage.body_difference import apply_difference, text_difference
from planner.storage.plan_codec import PlanWriter, read_own_body

_RUN = 32
"""Plans between two that are held whole: so many differences are applied at most to read one."""


class PastPlan:
    """A plan that can be read again. It depends on nothing that changes later, and on no disk."""

    __slots__ = ("_number", "_run")

    def __init__(self, run: "_Run", number: int) -> None:
        self._run = run
        self._number = number

    def read(self) -> Plan:
        """The plan, equal to the one that was kept."""
        return read_own_body(self._run.body(self._number), self._run.texts.get, "an earlier state", PlanWriter())


class PastPlans:
    """Keeps plans that mostly follow each other."""

    def __init__(self) -> None:
        self._writer = PlanWriter()
        self._run: _Run | None = None

    def keep(self, plan: Plan) -> PastPlan:
        """The plan in its small form. InputProblem for values that no file holds."""
        body = self._writer.body(plan)
        if self._run is None or not self._run.takes(body):
            self._run = _Run(body)
        self._run.texts.update((pin.sha256, pin.text) for pin in plan.pins)
        return PastPlan(self._run, self._run.add(body))


class _Run:
    """The text of one plan, then differences, each to the plan before; packed once there are enough, as they are alike.

    `texts` are the protocols' by their hash.
    """

    __slots__ = ("_kept", "_last", "_packed", "texts")

    def __init__(self, body: str) -> None:
        self.texts: dict[str, str] = {}
        self._kept = [body]
        self._last = body
        self._packed = b""

    def takes(self, body: str) -> bool:
        """Whether the text is worth being held as a difference to the last one."""
        return not self._packed and len(text_difference(self._last, body)) <= len(body) // 2

    def add(self, body: str) -> int:
        """Hold one more text; its number."""
        number = len(self._kept)
        self._kept.append(text_difference(self._last, body))
        self._last = body
        if number == _RUN:
            self._packed = zlib.compress(json.dumps(self._kept).encode("ascii"))
            self._kept, self._last = [], ""
        return number

    def body(self, number: int) -> str:
        """The text of that number."""
        text, *differences = json.loads(zlib.decompress(self._packed)) if self._packed else self._kept
        for difference in differences[:number]:
            text = apply_difference(text, difference)
        return text
