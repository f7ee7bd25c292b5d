"""What holds for every test: no screen, no network, a home of its own, no unexpected word in the log."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt, which aborts where there is no display

UNTIMED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
"""Half a minute of drawing fails a test otherwise, which a busy machine takes for ten plans."""
hypothesis.settings.register_profile("small", max_examples=50, derandomize=True, database=None, **UNTIMED)
hypothesis.settings.register_profile("large", max_examples=2000, database=None, **UNTIMED)
NO_SHRINKING = [phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.shrink]
small = hypothesis.settings.get_profile("small")
hypothesis.settings.register_profile("ci", small, phases=NO_SHRINKING)  # a failure is told at once, if less neatly
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "small")

HOME_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_STATE_HOME": ".local/state",
}


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder of the test's own: no test can read or change what the user keeps."""
    folder = tmp_path_factory.mktemp("home")
    for variable, place in HOME_FOLDERS.items():
        monkeypatch.setenv(variable, str(folder / place))
    monkeypatch.delenv("REGIMAP_DATA_DIR", raising=False)
    return folder


class _Listener(logging.Handler):
    """Keeps every record of WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[Callable[[str], None]]:
    """Fail a test that logs a warning nobody announced; `expect_log("text")` announces one, which must then come."""
    listener, expected = _Listener(), []
    logging.getLogger().addHandler(listener)
    yield expected.append
    logging.getLogger().removeHandler(listener)
    said = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in listener.records]
    unexpected = [line for line in said if not any(text in line for text in expected)]
    silent = [text for text in expected if not any(text in line for line in said)]
    assert not unexpected, f"unexpected log records: {unexpected}"
    assert not silent, f"announced but never logged: {silent}"
