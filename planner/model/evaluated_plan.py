"""The plan together with all that follows from it."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Struct

from planner.model.finding import Finding
from planner.model.kept import kept
from planner.model.plan import Plan
from planner.model.schedule import Event, Schedule
from planner.model.timeline import Timeline

STRANGE = "no agent file here has {names}, so rules about classes pass over it and its doses are rounded the common way"


class CheckSummary(Struct, frozen=True):
    """What was checked and what was not: so many rules ran, so many could not, for want of these inputs.

    `lacking` gives the rules beside each input, in the same order. `unread` are the site's own files that were hidden
    because of a mistake: what they ask for was not checked either. `outdated` are protocols of the plan that the
    library has otherwise by now, or no longer in force. `unasked` are other medicines of the patient that the library
    knows, and that no rule names. `strange` are drugs of the plan that no agent file has.
    """

    rules: int
    not_checkable: int
    missing: tuple[str, ...]
    lacking: tuple[tuple[str, ...], ...] = ()
    unread: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words(str.format)

    def words(self, fill: Callable[..., str]) -> str:
        """The summary, its patterns filled by `fill(pattern, **values)`, which may say them in another language."""
        return "; ".join((self._counted(fill), *self.warnings(fill)))

    def warnings(self, fill: Callable[..., str]) -> tuple[str, ...]:
        """What makes the rest of the summary less than it says: unread files, old protocols, what no rule knows."""
        unread = fill("not read because of mistakes: {files}", files=", ".join(self.unread)) if self.unread else ""
        names = ", ".join(self.outdated)
        changed = fill("this plan keeps another text than the library of: {names}", names=names) if names else ""
        unasked = fill("no rule looks at {names}", names=", ".join(self.unasked)) if self.unasked else ""
        strange = fill(STRANGE, names=", ".join(self.strange)) if self.strange else ""
        return tuple(text for text in (unread, changed, unasked, strange) if text)

    def _counted(self, fill: Callable[..., str]) -> str:
        if not self.not_checkable:
            return fill("{count} rules checked", count=self.rules)
        lacking = self.lacking or ((),) * len(self.missing)
        parts = (
            f"{name} ({', '.join(rules)})" if rules else name for name, rules in zip(self.missing, lacking, strict=True)
        )
        return fill(
            "{count} rules checked, {left} not checkable: {inputs}",
            count=self.rules,
            left=self.not_checkable,
            inputs="; ".join(parts),
        )


Made = TypeVar("Made")
LayOut = Callable[[Plan, Schedule, tuple[Finding, ...]], Timeline]


class EvaluatedPlan(Struct, frozen=True, dict=True):
    """One immutable value that screen, command line and every sheet are made from.

    `lay_out` makes its timeline where somebody looks at it: a preview tells what differs, and draws nothing. `dosed_as`
    tells what of its doses and times rests on choices of the site that are no part of the plan; empty at defaults.
    """

    plan: Plan
    schedule: Schedule
    findings: tuple[Finding, ...]
    lay_out: LayOut
    checked: CheckSummary
    dosed_as: str = ""

    @cached_property
    def due(self) -> tuple[Event, ...]:
        """The events of its schedule; rescue of what is begun stands as planned where its block is stopped or on hold.

        As all sheets have them. Changes are made of the schedule's own.
        """
        return kept(self.plan, self.schedule.events)

    def once(self, make: Callable[["EvaluatedPlan"], Made]) -> Made:
        """What `make` makes of it, made when somebody asks first and kept: a sheet asks ten times where blocks end."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

    @cached_property
    def _made(self) -> dict[object, object]:
        return {}

    def forget_events(self, instead: "EvaluatedPlan | None") -> None:
        """Drop the events made for it and all that was made of them, save what `instead` shows too.

        For a state that is kept only because somebody might come back to it. Its timeline stays.
        """
        for made in ("due", "_made"):
            vars(self).pop(made, None)
        self.schedule.forget_events(instead.schedule if instead else None)

    @cached_property
    def timeline(self) -> Timeline:
        """The plan in lanes and bars; made when somebody asks, and kept."""
        return self.lay_out(self.plan, self.schedule, self.findings)
