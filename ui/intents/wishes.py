"""All intents in one place, each kind made when it is first asked for: their dialogs take time to load."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from ui.document import PlanDocument
from ui.intents.asking import Asking, Outcomes
from ui.models.subject import Subject
from ui.surroundings import Surroundings

if TYPE_CHECKING:
    from ui.intents.changes import ChangeIntents
    from ui.intents.clinic import ClinicIntents
    from ui.intents.comparing import ComparingIntents
    from ui.intents.courses import CourseIntents
    from ui.intents.files import FileIntents
    from ui.intents.helping import HelpIntents
    from ui.intents.reading import ReadingIntents
    from ui.intents.releasing import ReleaseIntents
    from ui.intents.store import StoreIntents
    from ui.intents.together import TogetherIntents
    from ui.intents.verbs import VerbIntents

Kind = TypeVar("Kind", bound=Asking)


class Wishes(Outcomes):
    """What is told comes from whichever intent was carried out or was not."""

    def __init__(
        self, document: PlanDocument, around: Surroundings, window: QWidget, selected: Callable[[], Subject | None]
    ) -> None:
        super().__init__(window)
        self._document, self._around, self._window, self._selected = document, around, window, selected

    def make_ready(self) -> None:
        """Load what a drag asks before somebody drags: it takes longer than three frames."""
        _ = self.changes  # made when it is read

    @cached_property
    def courses(self) -> "CourseIntents":
        """Patients, plans and protocols."""
        from ui.intents.courses import CourseIntents

        return self._made(CourseIntents)

    @cached_property
    def changes(self) -> "ChangeIntents":
        """Changes of what stands on the plan."""
        from ui.intents.changes import ChangeIntents

        return self._made(ChangeIntents)

    @cached_property
    def reading(self) -> "ReadingIntents":
        """Print, palette, claims."""
        from ui.intents.reading import ReadingIntents

        reading = self._made(ReadingIntents)
        reading.issueRequested.connect(self.releasing.issue)
        return reading

    @cached_property
    def clinic(self) -> "ClinicIntents":
        """Settings, keys, protocols to read."""
        from ui.intents.clinic import ClinicIntents

        return self._made(ClinicIntents)

    @cached_property
    def releasing(self) -> "ReleaseIntents":
        """Confirmations, signatures, issued sheets."""
        from ui.intents.releasing import ReleaseIntents

        return self._made(ReleaseIntents)

    @cached_property
    def verbs(self) -> "VerbIntents":
        """Changes of treatment asked through described forms."""
        from ui.intents.verbs import VerbIntents

        return self._made(VerbIntents)

    @cached_property
    def store(self) -> "StoreIntents":
        """Backups, trail, protection, plans deleted and erased."""
        from ui.intents.store import StoreIntents

        return self._made(StoreIntents)

    @cached_property
    def together(self) -> "TogetherIntents":
        """Changes of several things that are selected together."""
        from ui.intents.together import TogetherIntents

        return self._made(TogetherIntents)

    @cached_property
    def comparing(self) -> "ComparingIntents":
        """What differs, as pages."""
        from ui.intents.comparing import ComparingIntents

        return self._made(ComparingIntents)

    @cached_property
    def helping(self) -> "HelpIntents":
        """Pages for what has the focus."""
        from ui.intents.helping import HelpIntents

        return self._made(HelpIntents)

    @cached_property
    def files(self) -> "FileIntents":
        """Plan files out and in."""
        from ui.intents.files import FileIntents

        return self._made(FileIntents)

    def move_block(self, block_id: str, days: int) -> None:
        """What a drag asks for when it is let go."""
        if self._takes_others(block_id):
            self.together.drop(days)
        else:
            self.changes.move_block(block_id, days)

    def add_protocol_on(self, protocol_id: str, day: int) -> None:
        """What is asked for by letting a protocol go on a day (ordinal) of the timeline."""
        self.courses.add_protocol(protocol_id, day)

    def verdicts(self, block_id: str, days: int) -> tuple[tuple[str, str], ...]:
        """What a drag asks while it goes on."""
        if self._takes_others(block_id):
            return self.changes.spoken(self.together.preview(days))
        return self.changes.verdicts(block_id, days)

    def _takes_others(self, block_id: str) -> bool:
        """Whether that block is one of several that are selected."""
        subject = self._selected()
        return bool(subject and any(one.id == block_id for one in subject.several))

    def _made(self, kind: type[Kind]) -> Kind:
        intents = kind(self._document, self._around, self._window, self._selected)
        intents.told.connect(self.told)
        intents.failed.connect(self.failed)
        intents.said.connect(self.said)
        intents.listed.connect(self.listed)
        intents.placed.connect(self.placed)
        intents.created.connect(self.created)
        return intents
