"""A question made from a table of fields, with what would change under it where there is something to preview."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from ui.dialogs.change_view import ChangeView
from ui.dialogs.choice_box import ChoiceBox
from ui.dialogs.date_field import DateField
from ui.dialogs.fields import KINDS, Answers, Editor, Field
from ui.dialogs.form import Question, form_layout, room_on, sentence
from ui.document import AllWell
from ui.edit_names import edit_words
from ui.rows.words import plain_label
from ui.tongue import say

Outcome = Callable[[Answers], EvaluatedPlan | str]
"""What the answers would make of the plan, or the sentence that refuses them."""
Check = Callable[[Answers], Sequence[str]]
"""Sentences about answers that are each readable but do not go together, or that somebody should look at twice."""

WIDTH = 600


class Form(Struct, frozen=True):
    """A question as data. `told` is what it is about; `intro` stands above its fields, `notes` below, both grey.

    `preview` shows what would change of the plan `before` and may refuse; `says` is told above it with the answers.
    """

    title: str
    accept: str
    fields: Sequence[Field]
    intro: Sequence[str] = ()
    notes: Sequence[str] = ()
    before: EvaluatedPlan | None = None
    preview: Outcome | None = None
    problems: Check | None = None
    doubts: Check | None = None
    told: Sequence[str] = ()
    says: Check | None = None


class DescribedDialog(Question):
    """Asks the fields of a form. `answers` gives what was entered."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(edit_words(form.title), form.accept, parent)
        self.asks = form
        self._form = form_layout()
        self.editors: dict[str, Editor] = {}
        for text in form.told:
            self.body.addWidget(plain_label(text))
        for text in form.intro:
            self.body.addWidget(plain_label(text, "muted"))
        self.body.addLayout(self._form)
        for field in form.fields:
            self._add(field)
        for text in form.notes:
            self.body.addWidget(plain_label(text, "muted"))
        self.preview: ChangeView | None = None
        if form.preview is None:
            self.body.addStretch(1)
        else:
            self.preview = ChangeView()
            self.halves.put_below("What would change", self.preview, self.preview.brief)
        self._refresh()
        for editor in self.asked()[:1]:
            editor.widget.setFocus()
            if isinstance(editor.widget, DateField):
                editor.widget.line.selectAll()  # what is typed takes the place of the day that is offered
        self.resize(self.sizeHint().expandedTo(QSize(WIDTH, 0)).boundedTo(room_on(self.screen())))

    def showEvent(self, event: QShowEvent) -> None:
        """So wide that no choice is cut, where the screen has the room."""
        boxes = [one.widget for one in self.asked() if isinstance(one.widget, ChoiceBox)]
        missing = max((box.full_width() - box.width() for box in boxes), default=0)
        if missing > 0:
            self.resize(self.width() + missing, self.height())
        super().showEvent(event)

    def answers(self) -> dict[str, Any]:
        """The value of each field by its id."""
        return {name: editor.value() for name, editor in self.editors.items()}

    def asked(self) -> list[Editor]:
        """The fields that are shown with the answers as they stand."""
        answers = self.answers()
        return [one for one in self.editors.values() if one.field.shown_if is None or one.field.shown_if(answers)]

    def find_problems(self) -> tuple[str, ...]:
        found = [problem for editor in self.asked() if (problem := editor.problem())]
        if not found and self.asks.problems:
            found = list(self.asks.problems(self.answers()))
        return tuple(found) or self._not_yet_right()

    def find_problems_again(self) -> tuple[str, ...]:
        """Without the form's own check, which may try a passphrase or put a backup back: that is for the button."""
        return tuple(problem for editor in self.asked() if (problem := editor.problem())) or self._not_yet_right()

    def _not_yet_right(self) -> tuple[str, ...]:
        found = [say("{field}: choose one.", field=say(one.field.name)) for one in self.asked() if one.is_open()]
        if not found and self.asks.preview:
            outcome = self.asks.preview(self._supposed())
            found = [outcome] if isinstance(outcome, str) else []
        return tuple(found)

    def to_choose(self) -> QWidget | None:
        return next((one.widget for one in self.asked() if one.is_open()), None)

    def to_mend(self) -> QWidget | None:
        """The first field that cannot be read or is not chosen; else the passphrase, which reads well when wrong."""
        asked = self.asked()
        unread = (one.widget for one in asked if one.problem() or one.is_open())
        secret = (one.widget for one in asked if one.field.kind == "secret")
        return next(unread, None) or next(secret, None)

    def find_doubts(self) -> tuple[str, ...]:
        return tuple(self.asks.doubts(self.answers())) if self.asks.doubts else ()

    def _add(self, field: Field) -> None:
        editor = KINDS[field.kind](field)
        self.editors[field.id] = editor
        self._form.addRow(field.label, editor.widget)
        editor.changed.connect(self._refresh)

    def _refresh(self) -> None:
        """Show the fields that are asked now and say again what would change."""
        asked = self.asked()
        for editor in self.editors.values():
            _show_row(self._form, editor.widget, shown=editor in asked)
        if self.asks.preview is None or self.preview is None:
            return
        unread = [problem for editor in asked if (problem := editor.problem())]
        outcome = unread[0] if unread else self.asks.preview(self._supposed())
        if isinstance(outcome, str):
            wrong = not unread and not isinstance(outcome, AllWell)
            self.preview.clear(sentence(outcome), "wrong" if wrong else "muted" if unread else "")
        elif self.asks.before:
            self.preview.compare(self.asks.before, outcome, self.asks.says(self._supposed()) if self.asks.says else ())
        unchanged = (
            self.asks.before is not None and not isinstance(outcome, str) and outcome.plan == self.asks.before.plan
        )
        self.ok.setEnabled(not isinstance(outcome, str) and not unchanged)

    def _supposed(self) -> dict[str, Any]:
        """The answers, with what stands in for those that are still to be chosen."""
        return {
            name: editor.field.stand_in if editor.is_open() else editor.value() for name, editor in self.editors.items()
        }


def _show_row(form: QFormLayout, widget: QWidget, *, shown: bool) -> None:
    if form.isRowVisible(widget) != shown:
        form.setRowVisible(widget, shown)
