"""Comparisons as pages: the plan with its protocols, one protocol or version with another."""

from collections.abc import Iterable, Sequence

from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import ShelvedProtocol
from planner.services.evaluation import pinned_protocol
from planner.services.telling.change_words import change_words, course_lines, titled
from planner.services.telling.comparing import LineChange, as_planned, changed_parts
from planner.services.telling.differences import differences
from planner.services.telling.drugs_given import changes_as_given
from planner.services.telling.preview import runs_of
from ui.dialogs.change_text import run_name, run_side
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Field
from ui.dialogs.page import PageDialog
from ui.dialogs.protocol_text import protocol_sections
from ui.intents.asking import Asking
from ui.models.description import Section
from ui.plan_words import plan_words
from ui.tongue import say

WORDS = {
    "moved": "moved",
    "appeared": "added",
    "vanished": "gone",
    "dose": "another dose",
    "agent": "another drug",
    "bag": "another bag",
    "status": "another status",
}


class ComparingIntents(Asking):
    """What differs, to read."""

    def with_protocol(self) -> None:
        """Everything in which the plan stands otherwise than its protocols give it."""
        evaluated = self.shown
        if evaluated is None:
            return
        untouched = self.document.look_at(as_planned(evaluated.plan))
        found = differences(untouched.schedule, evaluated.schedule)
        subtitle = (
            say("{count} items differ", count=f"{len(found):,}")
            if found
            else say("No item differs from what the protocols give.")
        )
        page = PageDialog("Compared with the protocols", subtitle, plan_sections(evaluated, found), self.window)
        self.ask(page, lambda: None)

    def protocols(self, chosen: ShelvedProtocol | None) -> None:
        """Ask which two protocols or versions are compared; those the plan keeps can be chosen as well."""
        known = self._known()
        if len(known) < 2:
            self.failed.emit("There are no two protocols to compare yet.")
            return
        choices = [(one, title(one)) for one in known]
        first = next((one for one in known if chosen and one.pin == chosen.pin), known[0])
        second = next(
            (one for one in known if one.pin.id == first.pin.id and one.pin != first.pin),
            next(one for one in known if one is not first),
        )
        fields = (
            Field("one", "&First", "choice", first, choices),
            Field("other", "&Second", "choice", second, choices),
        )
        dialog = DescribedDialog(Form("Compare two protocols", "Compare", fields), self.window)

        def show() -> None:
            answers = dialog.answers()
            self._show(answers["one"], answers["other"])

        self.ask(dialog, show)

    def _show(self, one: ShelvedProtocol, other: ShelvedProtocol) -> None:
        agents = self.document.library.agents
        parts = [
            {section.heading: section.lines for section in protocol_sections(shelved, agents)}
            for shelved in (one, other)
        ]
        sections = [Section(heading, _lines(changes)) for heading, changes in changed_parts(*parts)]
        subtitle = f"− {title(one)}   + {title(other)}"
        sections = sections or [Section("", ("Both say the same.",))]
        self.ask(PageDialog("Two protocols compared", subtitle, sections, self.window), lambda: None)

    def _known(self) -> list[ShelvedProtocol]:
        library = self.document.library
        known = {one.pin.sha256: one for one in library.protocols.values()}
        for pin in self.shown.plan.pins if self.shown else ():
            known.setdefault(pin.sha256, ShelvedProtocol(pin, pinned_protocol(pin.text), "plan"))
        return sorted(known.values(), key=lambda one: (one.protocol.title, one.protocol.version))


def title(shelved: ShelvedProtocol) -> str:
    """Name, version and, for a text that only the plan keeps, that it does."""
    kept = f", {say('as this plan keeps it')}" if shelved.origin == "plan" else ""
    version = say("version {version}", version=shelved.protocol.version)
    return f"{shelved.protocol.title}, {version}{kept}"


def plan_sections(evaluated: EvaluatedPlan, found: Sequence[Difference]) -> list[Section]:
    """What was decided, then block by block every item that stands otherwise."""
    plan = evaluated.plan
    decided = tuple(change_words(titled(one, plan), say) for one in changes_as_given(plan, evaluated.schedule, say))
    sections = [Section("Changes of treatment", decided)] if decided else []
    course = course_lines(evaluated.plan, say, plan_words)
    sections += [Section("Changes of the course", course)] if course else []
    for block in evaluated.schedule.blocks:
        lines = _words(one for one in found if one.event.placed.block.id == block.id)
        if lines:
            version = say("version {version}", version=block.protocol_version)
            sections.append(Section(f"{block.title} ({block.protocol_title}, {version})", lines))
    gone = _words(one for one in found if not _is_placed(evaluated, one))
    return [*sections, *([Section("Blocks that are gone", gone)] if gone else [])]


def _is_placed(evaluated: EvaluatedPlan, one: Difference) -> bool:
    return any(block.id == one.event.placed.block.id for block in evaluated.schedule.blocks)


def _words(found: Iterable[Difference]) -> tuple[str, ...]:
    """A line for doses of an order that differ alike."""
    return tuple(
        f"{run_name(run)}: {say(WORDS[run[0].what])}, {run_side(run, new=False)} → {run_side(run, new=True)}"
        for run in runs_of(found)
    )


def _lines(changes: Sequence[LineChange]) -> tuple[str, ...]:
    return tuple(
        line
        for change in changes
        for line in (f"− {change.one}" if change.one else "", f"+ {change.other}" if change.other else "")
        if line
    )
