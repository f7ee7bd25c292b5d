"""Changes of several things at once: each is one question with what would change, and one step to undo."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial, reduce
from zlib import crc32

from planner.model.civil import clinical_date, clock
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.schedule import Event
from planner.model.sentence import Sentence
from planner.model.timeline import Bar
from planner.services.verbs import editing
from planner.services.verbs.reasons import Why, because, is_under_way
from planner.services.verbs.together import (
    Picked,
    give_together,
    leaders,
    move_together,
    moving_doses,
    not_recorded,
    omit_together,
    to_record,
)
from ui.commands import Nudge
from ui.dialogs.described import Form
from ui.dialogs.fields import Field
from ui.dialogs.form import sentence
from ui.dialogs.reasons import SUPPOSED, reason_of_course, why_fields, why_of
from ui.edit_names import named
from ui.intents.asking import Asking
from ui.models.subject import Subject
from ui.tongue import say, sentence_words

_SUPPOSED = Why(SUPPOSED)
LONGEST = 3660
"""Days one move may reach."""


class TogetherIntents(Asking):
    """What the window asks where more than one thing is selected."""

    @property
    def is_meant(self) -> bool:
        """Whether several things are selected."""
        return bool(self.subject and self.subject.several)

    @property
    def is_whole(self) -> bool:
        """Whether a block or a cycle of it is selected, and no dose."""
        return bool(self.subject and _is_whole(self.subject))

    def nudge(self, days: int) -> None:
        """Move several selected blocks at once; doses need a reason, so they are asked about."""
        evaluated, picked = self.shown, self._picked()
        if evaluated is None:
            return
        if moving_doses(evaluated.plan, picked) or is_under_way(evaluated.plan):
            self.move(days)
            return
        first = leaders(evaluated.plan, picked.blocks)
        # Moves of the same blocks that follow each other are one step: the key names the blocks.
        key = crc32(" ".join(first).encode()) & 0x3FFFFFFF | 0x40000000
        name = partial(_move_words, len(picked.blocks))
        self.edit(name(days), partial(self._moved, picked, days, None), Nudge(key, days, name))

    def move(self, days: int = 1) -> None:
        """Ask by how many days all that is selected moves."""
        evaluated, picked = self.shown, self._picked()
        if evaluated is None or not (picked.blocks or picked.doses):
            self.failed.emit("Nothing that is selected can be moved together: select blocks or doses.")
            return
        doses = moving_doses(evaluated.plan, picked)
        fields = [Field("days", "&Days", "days", days, least=-LONGEST, most=LONGEST)]
        fields += why_fields(None if doses else reason_of_course(evaluated.plan))
        form = Form(say("Move what is selected"), "Move", fields, tuple(_move_notes(evaluated, picked, doses)))
        count = len(picked.blocks) + len(_days_of(doses))
        self.ask_change(
            form,
            lambda answers: _move_words(count, answers["days"]),
            lambda answers, plan: self._moved(picked, answers["days"], why_of(answers), plan),
        )

    def omit(self) -> None:
        """Ask why all the selected doses are left out."""
        evaluated, picked = self.shown, self._picked()
        doses = tuple(dose for dose in picked.doses if dose.state is not State.OMITTED)
        if evaluated is None or not doses:
            self.failed.emit("No dose is selected that is not left out already.")
            return
        count = len(_days_of(doses))
        title = named("Leave out {count} dose" if count == 1 else "Leave out {count} doses", count=count)
        form = Form(title, "Leave out", why_fields(), (f"{', '.join(_names(doses))}.",))
        self.ask_change(
            form,
            title,
            lambda answers, plan: omit_together(plan, evaluated.schedule, doses, why_of(answers) or _SUPPOSED),
        )

    def give(self) -> None:
        """Ask who records all the selected doses, or those of a block, as given on their days as planned."""
        evaluated, meant, today = self.shown, self._meant(), self.around.today()
        doses = to_record(meant, today)
        left = list(_left_lines(not_recorded(meant, today)))
        if evaluated is None or not doses:
            self.failed.emit(" ".join(left) or say("None of the selected doses is due and still to be recorded."))
            return
        dates = sorted({dose.day for dose in doses})
        notes = [f"{', '.join(_names(doses))}.", f"{clinical_date(dates[0])} – {clinical_date(dates[-1])}"]
        notes += left
        rest = len(meant) - len(doses) - len(not_recorded(meant, today))
        notes += [say("Not among them: {count} later than today or settled already.", count=rest)] if rest else []
        title = named("Record as given, each as planned: {count}", count=len(doses))
        doubts = _yet_to_come(doses, today, self.around.now())
        by = Field("by", "&By", value=self.around.who)
        form = Form(title, say("Record"), [by], tuple(notes), doubts=lambda _: doubts)
        self.ask_change(
            form,
            title,
            lambda answers, plan: give_together(plan, evaluated.schedule, doses, answers["by"], today),
        )

    def drop(self, days: int) -> None:
        """What a drag of several blocks asks for: where more would move than was dragged, that is shown first."""
        evaluated, picked = self.shown, self._picked()
        if evaluated is None or not days:
            return
        after = self.document.preview(partial(self._moved, picked, days, None))
        starts = {block.id: block.start for block in evaluated.schedule.blocks if block.id not in picked.blocks}
        more = not isinstance(after, str) and any(
            starts.get(one.id, one.start) != one.start for one in after.schedule.blocks
        )
        if more or moving_doses(evaluated.plan, picked) or is_under_way(evaluated.plan):
            self.move(days)
        else:
            self.edit(_move_words(len(picked.blocks), days), partial(self._moved, picked, days, None))

    def preview(self, days: int) -> EvaluatedPlan | str:
        """What the selected blocks would make of the plan, moved by so many days."""
        picked = Picked(self._picked().blocks)
        return self.document.preview(partial(self._moved, picked, days, None))

    def remove(self) -> None:
        """Take all selected blocks off the plan."""
        blocks = self._picked().blocks
        if not blocks:
            self.failed.emit("Select the blocks to take off the plan.")
            return
        words = named("Remove {count} block" if len(blocks) == 1 else "Remove {count} blocks", count=len(blocks))
        self.edit_course(words, "Remove", lambda plan: reduce(editing.remove_block, blocks, plan))

    def _picked(self) -> Picked:
        several = self.subject.several if self.subject else ()
        blocks = tuple(one.id for one in several if one.block and one.bar and one.bar.form == "ribbon")
        doses = {id(event): event for one in several if one.id not in blocks for event in one.events if event.dose}
        return Picked(blocks, tuple(doses.values()))

    def _meant(self) -> tuple[Event, ...]:
        """The selected doses, and all of those blocks and cycles that are selected."""
        shown, chosen = self.shown, self.subject
        if shown is None or chosen is None:
            return ()
        all_of_it = [
            event
            for one in (chosen, *chosen.others)
            for event in (_inside(shown, one.bar) if one.bar and _is_whole(one) else one.events)
        ]
        return tuple({id(event): event for event in all_of_it if event.dose}.values())

    def _moved(self, picked: Picked, days: int, why: Why | None, plan: Plan) -> Plan:
        moved = move_together(plan, lambda one: self.document.look_at(one).schedule, picked, days, why or _SUPPOSED)
        return because(plan, moved, why)


def _yet_to_come(doses: tuple[Event, ...], today: date, now: str) -> tuple[str, ...]:
    """That some of the doses stand at an hour of today that is still to come; `now` is a moment of here (ISO)."""
    minute = 60 * int(now[11:13]) + int(now[14:16])
    late = [dose for dose in doses if dose.day == today.toordinal() and dose.minute > minute]
    told = ", ".join(f"{dose.placed.agent_name} {clock(dose.minute)}" for dose in late)
    return (say("Planned for a later hour of today: {doses}. Are they given already?", doses=told),) if late else ()


def _is_whole(one: Subject) -> bool:
    return one.bar is not None and one.bar.form in ("ribbon", "cycle")


def _inside(shown: EvaluatedPlan, bar: Bar) -> list[Event]:
    """What stands in a block or in one of its cycles."""
    return [one for one in shown.due if one.placed.block.id == bar.block and bar.start <= one.day < bar.end]


def _left_lines(left: Sequence[tuple[Event, str]]) -> Iterator[str]:
    """Doses that stay without a record, those of a drug in a block with one reason in one line."""
    runs: dict[tuple[str, str, str], list[Event]] = {}
    for event, why in left:
        runs.setdefault((event.placed.block.id, event.placed.agent_name, why), []).append(event)
    for (_, name, why), run in runs.items():
        first, last = (f"C{one.placed.cycle} D{one.cycle_day}" for one in (run[0], run[-1]))
        days = first if first == last else say("{first} to {last}", first=first, last=last)
        yield sentence(sentence_words(Sentence("not recorded: {doses}: {why}", doses=f"{name} {days}", why=why)))


def _move_words(count: int, days: int) -> str:
    one, many = ("Move {count} item {days} day", "Move {count} item {days} days")
    if count != 1:
        one, many = ("Move {count} items {days} day", "Move {count} items {days} days")
    return named(one if abs(days) == 1 else many, count=count, days=f"{days:+d}")


def _days_of(doses: tuple[Event, ...]) -> set[tuple[str, int]]:
    """Doses as a person counts them: one order on one day is one."""
    return {(dose.placed.id, dose.cycle_day) for dose in doses}


def _names(doses: tuple[Event, ...]) -> list[str]:
    return list(dict.fromkeys(dose.placed.agent_name for dose in doses))


def _move_notes(evaluated: EvaluatedPlan, picked: Picked, doses: tuple[Event, ...]) -> list[str]:
    titles = {block.id: block.title for block in evaluated.schedule.blocks}
    notes = (
        [f"{say('Blocks')}: {', '.join(titles[one] for one in picked.blocks if one in titles)}."]
        if picked.blocks
        else []
    )
    notes += [f"{say('Doses')}: {', '.join(_names(doses))}."] if doses else []
    taken = len(_days_of(picked.doses)) - len(_days_of(doses))
    notes += [say("{count} selected doses move with their blocks.", count=taken)] if taken else []
    return notes
