"""Changes of treatment asked through described forms: each shows what would change before anybody says yes."""

from collections.abc import Container, Iterator

from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import DecisionTaken, GivenRecord, Plan
from planner.model.protocol import TemplateAssessment
from planner.model.schedule import Event, PlacedBlock
from planner.services.closed_days import knows_holidays
from planner.services.telling.change_words import change_words, titled
from planner.services.telling.drugs_given import changes_as_given
from planner.services.telling.resting import rests_on
from planner.services.telling.without_place import without_place
from planner.services.verbs import deciding, editing, recording
from ui.dialogs.bags import CLOSED_WORDS, WORDS, bag_fields, bag_kinds, bag_notes, bag_plan
from ui.dialogs.described import Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.verb_given import given_number
from ui.dialogs.verb_place import DAY, Place, likely_start
from ui.dialogs.verbs import VERBS, Verb
from ui.edit_names import edit_words, named
from ui.intents.asking import Asking
from ui.models.subject import Subject
from ui.tongue import say, sentence_words

REOPEN_WORDS = "What hangs on the decision is provisional again. The earlier answer stays in the plan, with the reason."


class VerbIntents(Asking):
    """One method a verb; what is asked stands as a table of fields beside the dialogs."""

    def bags(self) -> None:
        """Ask how the infusions of the selected block are cut into bags."""
        evaluated, block = self.document.evaluated, self._block()
        if evaluated is None or block is None:
            return
        agents = self.document.library.agents
        kinds = bag_kinds(evaluated, block.id, agents)
        if not kinds:
            self.failed.emit(say("{block} has no continuous infusion for which bags are known.", block=block.title))
            return
        planned = next((one for one in reversed(evaluated.plan.bag_plans) if one.block == block.id), None)

        def change(answers: Answers, plan: Plan) -> Plan:
            return editing.plan_bags(plan, evaluated.schedule, agents, bag_plan(block.id, answers, years))

        years = sorted({event.date.year for event in evaluated.schedule.events if event.placed.block.id == block.id})
        fields = bag_fields(kinds, planned, with_country=knows_holidays())
        form = Form(
            say("Bags of {block}", block=block.title), "Plan bags", fields, (WORDS, CLOSED_WORDS), bag_notes(kinds)
        )
        self.ask_change(form, named("Plan the bags of {block}", block=block.title), change)

    def verb(self, name: str) -> None:
        """Ask one of the changes of `VERBS` at the selected place."""
        verb, place = VERBS[name], self._place()
        if place is None:
            return
        if verb.of_dose and not place.drug:
            self.failed.emit("Select a dose first.")
            return

        def title(answers: Answers) -> str:
            of = place.drug if verb.of_dose or answers.get("what") else verb.of(place)
            at, told = place.at(answers), verb.answered(place, answers)
            name = f"{verb.title} {of}" if verb.of_block else f"{verb.title} {of}, C{at.cycle} D{at.day}"
            return f"{name}: {told}" if told else name

        def change(answers: Answers, plan: Plan) -> Plan:
            return verb.change(place.at(answers), answers, plan)

        asked = verb.asks(place)
        form = Form(
            edit_words(_head(verb, place, {one.id for one in asked})),
            verb.accept,
            asked,
            (verb.intro,) if verb.intro else (),
            told=(*_where(place, {one.id for one in asked}), *verb.told(place)),
            doubts=lambda answers: verb.doubts(place.at(answers), answers),
            says=lambda answers: verb.says(place.at(answers), answers),
        )
        self.ask_change(form, title, change)

    def take_back(self) -> None:
        """Ask which change of treatment is taken back."""
        evaluated = self.document.evaluated
        changes = changes_as_given(evaluated.plan, evaluated.schedule, say) if evaluated else ()
        if not evaluated or not changes:
            self.failed.emit("This plan has no change of treatment to take back.")
            return
        plan = evaluated.plan
        listed = [(number, change_words(titled(change, plan), say)) for number, change in enumerate(changes, 1)]

        def doubts(answers: Answers) -> tuple[str, ...]:
            rests = rests_on(plan, answers["number"], say)
            return (say("{doubt}. Is it meant so?", doubt=rests),) if rests else ()

        field = Field("number", "&Change", "choice", len(changes), listed)
        form = Form("Take a change back", "Take back", (field,), doubts=doubts)
        self.ask_change(form, "Take a change back", lambda answers, plan: editing.take_back(plan, answers["number"]))

    def reopen(self) -> None:
        """Ask which decision is open again, and why."""
        evaluated = self.document.evaluated
        taken = evaluated.plan.decisions if evaluated else ()
        if not evaluated or not taken:
            self.failed.emit(say("No decision of this plan is taken."))
            return
        listed = [(one, _taken_words(one, evaluated)) for one in taken]
        fields = (
            Field("taken", "&Decision", "choice", taken[-1], listed),
            Field("reason", "&Reason"),
            Field("by", "&Name", value=self.around.who),
        )
        today = self.around.today()

        def opened(answers: Answers, plan: Plan) -> Plan:
            one: DecisionTaken = answers["taken"]
            return deciding.reopen(plan, one.group, one.decision, answers["reason"], answers["by"], today)

        def doubts(answers: Answers) -> tuple[str, ...]:
            try:
                gone = without_place(evaluated.plan, opened(answers, evaluated.plan))
            except Refusal:
                return ()
            return tuple(say("{doubt}. Is it meant so?", doubt=sentence_words(one)) for one in gone)

        form = Form("Open a decision again", "Open again", fields, (REOPEN_WORDS,), doubts=doubts)
        self.ask_change(
            form, lambda answers: named("Open decision {decision} again", decision=answers["taken"].decision), opened
        )

    def forget_given(self) -> None:
        """Take the record of the selected dose back; of a bar of many days, the one that was made last."""
        place = self._place()
        given = place.evaluated.plan.given if place else ()
        record = next((one for one in reversed(given) if place and _is_of(one, place)), None)
        if record is None:
            self.failed.emit("Nothing is recorded as given for the selected dose.")
            return
        self.edit(
            named(
                "Forget the record of {order} C{cycle} D{day}", order=record.order, cycle=record.cycle, day=record.day
            ),
            lambda plan: recording.forget_given(plan, record),
        )

    def _place(self) -> Place | None:
        evaluated, block = self.document.evaluated, self._block()
        if evaluated is None or block is None or self.subject is None:
            return None
        agents, today = self.document.library.agents, self.around.today()
        doses = _doses_meant(evaluated, self.subject)
        events = doses or tuple(_doses_of(evaluated, self.subject, block))
        pointed = self.subject.day if doses else 0  # a ribbon is wide, and a click on it points at no day
        at = likely_start(events, today.toordinal(), pointed=pointed) if events else None
        cycle = at.placed.cycle if at else block.cycles[0].number
        day = at.cycle_day if at else block.phase.first_day
        protocols = tuple(one.protocol for one in self.document.library.protocols.values())
        return Place(
            evaluated,
            agents,
            block,
            cycle,
            day,
            at if doses else None,
            today,
            self.around.who,
            events,
            protocols,
            self.document.look_at,
            pointed,
            self.document.library.rules,
            self.document.site().treatment_day_starts,
        )

    def _block(self) -> PlacedBlock | None:
        return self.subject.block if self.subject else None


def _head(verb: Verb, place: Place, asked: Container[str]) -> str:
    """What the form is headed with: not what it asks below."""
    if "what" in asked:
        return verb.title
    of = place.drug if verb.of_dose else verb.of(place)
    return f"{verb.title} {of}" if verb.of_block or DAY in asked else f"{verb.title} {of}, C{place.cycle} D{place.day}"


def _where(place: Place, asked: Container[str]) -> tuple[str, ...]:
    """Block, cycle and day, where neither the head nor a field says them."""
    return (place.words,) if "what" in asked and DAY not in asked else ()


def _doses_meant(evaluated: EvaluatedPlan, subject: Subject) -> tuple[Event, ...]:
    """The doses that are selected. A bag, or the pump that is taken off, stands for the infusion of its day."""
    found: dict[tuple[str, int], Event] = {}
    for one in subject.events:
        if one.placed.agent and not isinstance(one.placed.order, TemplateAssessment):
            found[one.placed.id, len(found)] = one
        elif one.placed.agent:
            runs = (event for event in evaluated.due if _runs_there(event, one))
            run = max(runs, key=lambda event: event.day, default=None)
            found |= {(run.placed.id, run.day): run} if run else {}
    return tuple(found.values())


def _runs_there(event: Event, bag: Event) -> bool:
    mine, its = event.placed, bag.placed
    here = (mine.block.id, mine.cycle, mine.agent) == (its.block.id, its.cycle, its.agent)
    return here and mine.kind == "infusion" and event.day <= bag.day


def _doses_of(evaluated: EvaluatedPlan, subject: Subject, block: PlacedBlock) -> Iterator[Event]:
    """The doses of the selected block, or of the cycle of it that is selected."""
    bar = subject.bar if subject.bar and subject.bar.form == "cycle" else None
    for event in evaluated.schedule.events:
        inside = bar is None or bar.start <= event.day < bar.end
        if event.placed.block.id == block.id and event.placed.agent and inside:
            yield event


def _is_of(record: GivenRecord, place: Place) -> bool:
    if (record.block, record.order) != (place.block.id, place.order):
        return False
    if len(place.events) > 1:
        return any((one.placed.cycle, one.cycle_day) == (record.cycle, record.day) for one in place.events)
    return (record.cycle, record.day, record.number) == (place.cycle, place.day, given_number(place))


def _taken_words(taken: DecisionTaken, evaluated: EvaluatedPlan) -> str:
    """The question and its answer as the protocol words them; by their ids where it asks that no more."""
    for one in evaluated.schedule.decisions:
        if (one.group, one.decision.id) == (taken.group, taken.decision):
            answers = {choice.id: choice.title for choice in one.decision.choices}
            return f"{one.decision.question} {answers.get(taken.choice, taken.choice)}"
    return f"{taken.decision}: {taken.choice}"
