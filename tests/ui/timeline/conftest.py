"""A shown timeline of the test course, and what it asks for."""

import pytest

from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, course_findings, course_plan, course_schedule
from tests.ui.timeline.hands import TODAY
from ui.style import register_fonts
from ui.theme import LIGHT
from ui.timeline.view import TimelineView


@pytest.fixture(scope="module")
def timeline():
    return lay_out(course_plan(), course_schedule(), course_findings(), AGENTS)


@pytest.fixture
def view(qtbot, timeline):
    register_fonts()
    shown = TimelineView(LIGHT)
    qtbot.addWidget(shown)
    shown.resize(1100, 700)
    shown.show_plan(timeline, TODAY)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


@pytest.fixture
def moves(view):
    asked = []
    view.moveRequested.connect(lambda block, days: asked.append((block, days)))
    return asked


@pytest.fixture
def chosen(view):
    names = []
    view.selected.connect(names.append)
    return names
