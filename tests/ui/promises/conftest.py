"""The timeline of the made-up course, as its own tests have it."""

from tests.ui.timeline.conftest import moves, timeline, view  # noqa: F401 pytest finds fixtures by these names
