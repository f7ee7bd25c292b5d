"""What is read behind the window after its first paint: the rules at once, all protocols on another thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from planner.paths import resources
from planner.services.catalogue import load_for_plans
from ui.document import PlanDocument


def read_rules(window: QWidget, document: PlanDocument, folder: Path, then: Callable[[], None]) -> None:
    """Read the rules in their own quick reading: nobody should wait for the whole library to see findings."""
    if window.isVisible():  # else it was closed as soon as it was seen
        document.use_library(load_for_plans(resources(), folder))
        then()
