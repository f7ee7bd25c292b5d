"""From draft to issue: open items confirmed by name, the version signed by two people, sheets handed out by number."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import clinical_date, recorded_day
from planner.model.cycle_content import ComputedDose
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.release import PREPARED, VERIFIED, OpenItem, Release, confirmed_as, open_items
from planner.services import release
from planner.services.sheet_titles import SHEET_TITLES
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.edit_names import edit_words, named
from ui.intents.asking import Asking
from ui.plan_words import plan_words
from ui.problem_words import error_words
from ui.tongue import amount_words, say, sentence_words

CONFIRM_WORDS = (
    "Nobody has read these values in a source, or the site gives its own. Confirming says that you checked one of them."
)
SIGN_WORDS = {
    PREPARED: "You sign that you prepared this version. Any later edit makes the plan a draft again.",
    VERIFIED: "You sign that you checked this version, prepared by somebody else, against its sources.",
}


SIGN_FIRST = "Signing is in the menu Plan: Sign as prepared, then Sign as verified by somebody else."
MOST_DOSES = 3
"""Different doses that an item names; a titrated drug may have many."""
SOMEBODY = "\N{BULLET}"
"""Stands for a name as long as none is typed: what is refused of everybody can be said before."""
CONFIRM_FIRST = (
    "Open items: {count}. Confirm them first (Plan, Confirm an open item): without that no sheet is issued, and "
    "confirming one makes the plan a draft again."
)


class ReleaseIntents(Asking):
    """Steps of release. They are no edits of the course: undo does not take them back."""

    def confirm(self, *, more: bool = False) -> None:
        """Ask which open item somebody checked, and after each one for the next; `more` once one was confirmed."""
        evaluated = self.document.evaluated
        if evaluated is None:
            return
        items = open_items(evaluated.plan, evaluated.schedule)
        today = self.around.today().toordinal()
        ready: list[OpenItem] = [item for item in items if not item.lacks_dose(today)]
        if not ready:
            self.failed.emit(why_nothing(items))
            return
        fields = (
            Field("item", "&Item", "choice", ready[0], [(item, _with_doses(item, evaluated)) for item in ready]),
            Field("by", "&Name", value=self.around.who),
            Field("note", "N&ote", optional=True, hint="for example where you read it"),
        )
        lacking = len(items) - len(ready)
        lacks = "{count} more lacks a dose" if lacking == 1 else "{count} more lack a dose"
        missing = ", " + say(lacks, count=lacking) if lacking else ""
        intro = (CONFIRM_WORDS, say("{count} to confirm", count=len(ready)) + missing)
        dialog = DescribedDialog(Form("Confirm an open item", "I checked it", fields, intro), self.window)

        def record() -> None:
            given = dialog.answers()
            item, self.around.who = given["item"], given["by"]

            def confirmed(_: Plan) -> Plan:
                return release.confirm(evaluated, item.pin, item.order, given["by"], self.around.now(), given["note"])

            self.edit(named("Confirm {item}", item=item.words), confirmed)
            if len(ready) > 1:
                self.confirm(more=True)

        if more:
            dialog.cancel.setText("Close")
            dialog.leave_by_enter()
        self.ask(dialog, record)

    def sign(self, meaning: str) -> None:
        """Ask for the name under this version."""
        fields = (Field("by", "&Name", value="" if meaning == VERIFIED else self.around.who),)
        evaluated = self.document.evaluated
        to_confirm = len(open_items(evaluated.plan, evaluated.schedule)) if evaluated else 0
        first = (say(CONFIRM_FIRST, count=to_confirm),) if to_confirm else ()

        def signed(answers: Answers, now: EvaluatedPlan) -> Plan:
            return release.sign(now, meaning, answers["by"], self.around.now())

        name = named("Sign as {meaning}", meaning=meaning)
        # The verifier is a guest at somebody else's desk: what is done next is done by whoever sits there.
        intro = (SIGN_WORDS[meaning], *first)
        self._ask_step(Form(name, "Sign", fields, intro), name, signed, stays=meaning != VERIFIED)

    def issue(self, sheet: str) -> None:
        """Ask how many copies of that sheet are handed out, and by whom."""
        fields = (
            Field("copies", "&Copies", "whole", 1, least=1, most=release.MOST_COPIES),
            Field("by", "&Name", value=self.around.who),
        )
        title = SHEET_TITLES[sheet]
        evaluated = self.document.evaluated
        stands = release.release(evaluated.plan, evaluated.dosed_as) if evaluated else None
        told = _copies_out(stands, sheet) if stands else ()
        intro = () if stands and stands.verified else (say(SIGN_FIRST),)

        def issued(answers: Answers, now: EvaluatedPlan) -> Plan:
            return release.issue(now, sheet, answers["by"], self.around.now(), self.document.site(), answers["copies"])

        self._ask_step(
            Form(named("Issue: {sheet}", sheet=title), "Issue", fields, intro, told=told),
            named("Issue {sheet}", sheet=title),
            issued,
        )

    def _ask_step(
        self, form: Form, text: str, step: Callable[[Answers, EvaluatedPlan], Plan], stays: bool = True
    ) -> None:
        """Ask the form, which says itself why a step is refused: a bar of the window may lie behind other dialogs.

        Where whoever did it `stays`, the next form begins with that name.
        """
        evaluated = self.document.evaluated
        if evaluated is None:
            return

        def refused(answers: Answers) -> tuple[str, ...]:
            try:
                step(answers, evaluated)
            except Refusal as refusal:
                return (error_words(refusal),)
            return ()

        dialog = DescribedDialog(replace(form, problems=refused), self.window)
        # Said at once, before anybody types a name for nothing.
        dialog.show_problems(refused({one.id: one.value or SOMEBODY for one in form.fields}), "wrong")

        def record() -> None:
            answers = dialog.answers()
            if stays:
                self.around.who = answers["by"]
            if self.document.record(text, lambda now: step(answers, now)):
                self.said.emit(f"{edit_words(text)}.")  # without Undo, which takes back the edit before it

        self.ask(dialog, record)


def item_words(item: OpenItem) -> str:
    """The item with the day from which it lacks a dose: whoever confirms it knows that none is entered yet."""
    words = plan_words(item.words)
    if item.undosed_from is None:
        return words
    return say("{item}: no dose yet from {day}", item=words, day=clinical_date(item.undosed_from))


def _with_doses(item: OpenItem, evaluated: EvaluatedPlan) -> str:
    """The item with the doses that it stands for, as far as there are any."""
    pins = {block.id: block.pin for block in evaluated.plan.blocks}
    doses = (
        one.dose
        for one in evaluated.schedule.events
        if one.placed.evidence.needs_confirmation
        and (pins.get(one.placed.block.id), confirmed_as(one.placed)) == (item.pin, item.order)
    )
    told = [*dict.fromkeys(_dose_words(one) for one in doses if one and one.value is not None)]
    rest = ["…"] if len(told) > MOST_DOSES else []
    return ": ".join((item_words(item), "; ".join((*told[:MOST_DOSES], *rest)))) if told else item_words(item)


def _dose_words(dose: ComputedDose) -> str:
    """The amount, and in brackets what the order says where that is more than the amount."""
    amount = amount_words(dose.value, dose.unit) if dose.value is not None else ""
    ordered = sentence_words(dose.protocol_dose)
    return amount if not ordered or ordered == amount else f"{amount} ({ordered})"


def _copies_out(stands: Release, sheet: str) -> tuple[str, ...]:
    """Which copies of that sheet are handed out, so that nobody leaves them there beside the new ones."""
    last = stands.last(sheet)
    if last is None:
        return ()
    copies = sum(one.copies for one in stands.issues if (one.sheet, one.number) == (sheet, last.number))
    many = say("1 copy") if copies == 1 else say("{count} copies", count=copies)
    day = recorded_day(last.at)
    told = "Issue {number} of {day} is out in {copies} and says something else: fetch them back."
    if last.version == stands.version:
        told = "Issue {number} of {day} is out in {copies} and says the same; more of it are a reprint."
    return (say(told, number=last.number, day=day, copies=many),)


def why_nothing(items: Sequence[OpenItem]) -> str:
    """Why there is nothing to confirm, with what lacks a dose by name."""
    if not items:
        return say("There is nothing to confirm: {words}.", words="nothing is open")
    lacking = "; ".join(map(item_words, items))
    return say(
        "To be confirmed is only what has a dose. Enter it first (Treatment, Enter a dose): {items}", items=lacking
    )
