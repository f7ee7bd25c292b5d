"""The door to the saved plans of this user: save, load, list, history."""

from pathlib import Path
from types import TracebackType
from typing import Self

from planner.model.plan import Plan
from planner.model.revision import PlanSummary, Revision
from planner.storage.repository import Repository

STORE_FILE = "plans.db"


class Archive:
    """All saved plans. Every method raises EnvironmentProblem where disk or store fail, and says what is safe.

    Use from one thread, and close when done, best with `with`.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store of that folder; both are made where they do not exist yet."""
        return cls(Repository(folder / STORE_FILE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file free. Everything saved is on disk already."""
        self._repository.close()

    def save(self, plan: Plan, what: str, who: str, at: str, after: int | None = None) -> Revision:
        """Keep the plan as its next revision; it is on disk when this returns.

        `what` is the name of the edit, `at` the moment in UTC as ISO text. `after` is the counter of the revision the
        edit started from: Refusal where somebody saved a newer one meanwhile. InputProblem for what no file may hold.
        """
        return self._repository.append(plan, what, who, at, after)

    def load(self, plan_id: str, counter: int | None = None) -> Plan:
        """A saved plan, its newest revision unless `counter` says another; InputProblem where there is none."""
        return self.load_revision(plan_id, counter)[0]

    def load_revision(self, plan_id: str, counter: int | None = None) -> tuple[Plan, Revision]:
        """The plan together with the line of its history it was saved as."""
        return self._repository.load(plan_id, counter)

    def list(self, words: str = "", limit: int = 1000) -> tuple[PlanSummary, ...]:
        """Plans with the newest first; `words` narrows to names, ids and protocols that hold each of them."""
        return self._repository.summaries(words, limit)

    def history(self, plan_id: str) -> tuple[Revision, ...]:
        """Every saved state of a plan, oldest first; empty where there is no such plan."""
        return self._repository.history(plan_id)

    def verify(self) -> tuple[str, ...]:
        """Read everything and compare it with its checksums: one line a problem, none where all is well."""
        return self._repository.verify()
