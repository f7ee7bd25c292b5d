"""F1: help on what has the focus or is selected: the rule, the protocol, or how that part of the window is used."""

from planner.model.library import ShelvedProtocol
from planner.model.schedule import PlacedBlock
from ui.dialogs.help_words import HELP
from ui.dialogs.page import PageDialog
from ui.dialogs.protocol_text import protocol_page
from ui.intents.asking import Asking
from ui.models.description import Section
from ui.models.subject import Subject
from ui.panels.inspector_text import describe
from ui.tongue import say

OF_THE_PLAN = ("timeline", "inspector", "calendar", "table")
"""Parts that show the selected thing."""


class HelpIntents(Asking):
    """The page for where somebody is."""

    def show_help(self, part: str, chosen: ShelvedProtocol | None) -> None:
        """A selected finding's rule, the protocol of what is selected or `chosen`, else how that part is used."""
        subject = self.subject
        if part == "protocols" and chosen is not None:
            self._show_protocol(chosen, "")
        elif subject and subject.finding and part in (*OF_THE_PLAN, "findings"):
            self._show_rule(subject)
        elif subject and subject.block and part in OF_THE_PLAN:
            self._show_protocol_of(subject.block, subject)
        else:
            self._show_part(part)

    def _show_rule(self, subject: Subject) -> None:
        evaluated = self.shown
        if evaluated is None:
            return
        told = describe(evaluated, subject)
        sections = (*told.sections, _section("findings"))
        self.ask(PageDialog(told.title, told.subtitle, sections, self.window), lambda: None)

    def _show_protocol_of(self, block: PlacedBlock, subject: Subject) -> None:
        """The protocol as the plan keeps it, at the selected drug."""
        pins = {pin.id: pin for pin in self.shown.plan.pins} if self.shown else {}
        pin = pins.get(block.protocol_id)
        if block.protocol is None or pin is None:
            self._show_part("timeline")
            return
        drug = next((event.placed.agent_name for event in subject.events if event.placed.agent), "")
        self._show_protocol(ShelvedProtocol(pin, block.protocol, "plan"), drug)

    def _show_protocol(self, shelved: ShelvedProtocol, drug: str) -> None:
        page = protocol_page(shelved, self.document.library.agents, self.window)
        page.search.setText(drug)
        self.ask(page, lambda: None)

    def _show_part(self, part: str) -> None:
        sections = [_section(part)] + [_section(other) for other in HELP if other not in (part, "forms")]
        self.ask(PageDialog(say(HELP[part][0]), "", sections, self.window), lambda: None)


def _section(part: str) -> Section:
    title, lines = HELP[part]
    return Section(say(title), tuple(say(one) for one in lines))
