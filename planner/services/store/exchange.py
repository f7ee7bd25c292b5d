"""Plans and patients in and out: plan files (also sealed), the list of patients as CSV, the whole store as a folder.

Nothing that comes in ever goes over what is there.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from planner.errors import EnvironmentProblem, InputProblem, KeyNeeded, KnownError
from planner.files import is_closed, make_private_folder, read_text, told, write_whole
from planner.model.agent import Agent
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.model.revision import Passed, PlanSummary
from planner.model.store_words import CLOSED
from planner.model.words import fold
from planner.services.store.archive import Archive
from planner.services.store.coming_home import (
    COMES_HOME,
    EARLIER,
    LATER,
    OTHER,
    PARTED,
    SAME,
    Standing,
    arriving,
    changes_told,
    passed_of,
    standing_of,
    unknown_of,
)
from planner.services.store.plan_files import plan_text, read_plan
from planner.services.store.store_tables import patients_csv, trail_csv
from planner.services.verbs.placing import new_plan
from planner.storage.hand_over import is_sealed, open_sealed, seal_text
from planner.storage.repository import Edit

_Person = tuple[str, str, date | None]
"""What tells two people of one id apart: family name, given name, birth date; accents and case do not matter."""
_PLAIN_NAME = re.compile(r"(?!(con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9_-]{0,80}")
"""Some disks hold no two names that differ in capitals only, and one system takes some names for devices."""


class PlanFile(NamedTuple):
    """A plan that was read from a file of that name, and whether a passphrase had sealed it."""

    plan: Plan
    file: str
    sealed: bool = False
    passed: tuple[Passed, ...] = ()


class Incoming(Struct, frozen=True):
    """A plan that may come in: from which file, and what would happen, of which `verdict` is a key of VERDICTS.

    `since`, `here` and `there` are the revision here that a plan of the store comes from, and the changes made since.
    `mistakable` where the store has a person of another name or birth date under the patient's id, `twofold` where it
    has one of the same name and birth date under another id. `unknown` are the states it went through of which the
    store knows nothing. `place` counts the patients of a list from 1.
    """

    plan: Plan
    file: str
    verdict: str
    mistakable: bool = False
    sealed: bool = False
    twofold: bool = False
    since: int = 0
    here: tuple[Passed, ...] = ()
    there: tuple[Passed, ...] = ()
    unknown: tuple[Passed, ...] = ()
    place: int = 0

    @property
    def line(self) -> str:
        """What would change, on one line."""
        return self.told()

    def told(self, fill: Callable[..., str] = str.format) -> str:
        """The same; `fill(pattern, **values)` may say the patterns in another language."""
        demo = "DEMO " if self.plan.demo else ""
        name = f"{demo}{self.plan.patient.display_name} ({self.plan.patient.id})"
        # The empty plan of a listed patient gets its id only once it is taken in.
        of_list = self.file.lower().endswith(".csv")
        plan = name if of_list else fill("plan {id}, {name}", id=self.plan.id, name=name)
        return f"{self.file}: {plan}: {self._words(fill)}"

    @property
    def nameless(self) -> str:
        """The same where no patient may be named, as among errors."""
        # A patient who is known already gets no plan, so an id of one would lead nowhere.
        what = f"patient {self.place} of the list" if self.verdict == "known" else f"plan {self.plan.id}"
        return f"{self.file}: {what}: {self._words(str.format)}"

    def _words(self, fill: Callable[..., str]) -> str:
        here, there = (changes_told(some, fill) if some else "" for some in (self.here, self.there))
        verdict = fill(VERDICTS[self.verdict], since=self.since, here=here, there=there)
        cautions = (MISTAKABLE if self.mistakable else "", TWOFOLD if self.twofold else "")
        return "; ".join((verdict, *map(fill, filter(None, cautions))))


VERDICTS = {
    "new": "new",
    SAME: "is there already, letter for letter",
    LATER: "a later state of revision {since} here, changed elsewhere ({there}); can be taken in as the next revision",
    EARLIER: "is there already as revision {since}, and was changed since",
    PARTED: (
        "was changed both here ({here}) and elsewhere ({there}) since revision {since}, so what is here stays; repeat "
        "in it what was changed elsewhere"
    ),
    OTHER: "the store has another plan of this id already, which stays",
    "deleted": "was deleted from the store and stays deleted; take it back there if it is wanted",
    "known": "the store has this patient already; nothing changes",
}
"""What happens to a plan that may come in."""
MISTAKABLE = "CAUTION: another person has this patient id, in the store or in these files; compare name and birth date"
TWOFOLD = "CAUTION: this name and birth date stand under another patient id too; one person or two?"
"""Two plans of one person: no rule sums the doses of both."""


def look_at_plans(archive: Archive, plans: Iterable[PlanFile]) -> tuple[Incoming, ...]:
    """What would happen to plans from files: which are new to the store, which are there. Changes nothing.

    A person under the id of another one of these files is told as one under the id of somebody in the store.
    """
    found, seen, deleted = [], set[str](), {one.plan_id for one in archive.deleted()}
    people = _people(archive)
    for plan, file, sealed, passed in plans:
        standing = Standing("new")
        if plan.id in seen:
            standing = Standing(OTHER)
        elif plan.id in deleted:
            standing = Standing("deleted")
        elif archive.history(plan.id):
            standing = standing_of(archive, plan, passed)
        seen.add(plan.id)
        mistakable, twofold = _is_mistakable(plan.patient, people), _is_twofold(plan.patient, people)
        unknown = unknown_of(archive, plan, passed)
        found.append(Incoming(plan, file, standing[0], mistakable, sealed, twofold, *standing[1:], unknown))
        people[plan.patient.id].add(_person(plan.patient))
    return tuple(found)


def _people(archive: Archive) -> defaultdict[str, set[_Person]]:
    """Whom the store has under each patient's id, deleted plans included."""
    people: defaultdict[str, set[_Person]] = defaultdict(set)
    for one in (*archive.list(limit=-1), *archive.deleted()):
        people[one.patient_id].add(_person(one))
    return people


def _person(one: Patient | PlanSummary) -> _Person:
    return fold(one.family_name), fold(one.given_name), one.birth_date


def _is_mistakable(patient: Patient, people: Mapping[str, set[_Person]]) -> bool:
    return bool(people.get(patient.id, set()) - {_person(patient)})


def _is_twofold(patient: Patient, people: Mapping[str, set[_Person]]) -> bool:
    """A spreadsheet that made 1 of 001 puts one person into the store twice."""
    return any(_person(patient) in persons for known, persons in people.items() if known != patient.id)


def bring_in(
    archive: Archive, incoming: Iterable[Incoming], who: str, at: str, *, later: bool = False
) -> tuple[str, ...]:
    """Save the new ones, and where it is wanted the later states as next revisions; all or none; gives their ids.

    Refusal where somebody changed such a plan since it was looked at.
    """
    wanted = ("new", LATER) if later else ("new",)
    edits = [
        arriving(Edit(one.plan, _what_of(one), one.since), one.unknown) for one in incoming if one.verdict in wanted
    ]
    if edits:
        archive.repository.append_all(edits, who, at)
    return tuple(edit.plan.id for edit in edits)


def _what_of(one: Incoming) -> str:
    # The file's name may hold the patient's, and this line stays in the trail: what kind of file it was is enough.
    return COMES_HOME.format(changes=changes_told(one.there, str.format)) if one.there else _kind_of(one)


def _kind_of(one: Incoming) -> str:
    if one.file.lower().endswith(".csv"):
        return "Import of a list of patients"
    return "Import of a sealed plan file" if one.sealed else "Import of a plan file"


def plan_of_file(
    path: str, agents: Mapping[str, Agent], trusted: frozenset[str], passphrase: Callable[[], str]
) -> PlanFile:
    """The plan in a file, sealed or not. `passphrase` is asked only for a sealed one. InputProblem, WrongPassphrase."""
    text = read_text(Path(path))
    sealed = is_sealed(text)
    if sealed:
        given = passphrase()
        if not given:
            raise KeyNeeded(f"{path}: the plan is sealed; give its passphrase")
        text = open_sealed(text, given, path)
    plan, passed = read_plan(text, path, agents, trusted)
    return PlanFile(plan, path, sealed, passed)


def sealed_plan_text(plan: Plan, passphrase: str, passed: Sequence[Passed] = ()) -> str:
    """The plan as a file that only this passphrase opens."""
    return seal_text(plan_text(plan, passed), passphrase)


def plans_of_patients(
    archive: Archive, patients: Iterable[Patient], file: str, new_id: Callable[[], str]
) -> tuple[Incoming, ...]:
    """An empty plan for each patient the store does not know; known ones stay as they are."""
    people, found = _people(archive), list[Incoming]()
    for place, patient in enumerate(patients, 1):
        verdict = "known" if patient.id in people else "new"
        mistakable, twofold = _is_mistakable(patient, people), _is_twofold(patient, people)
        plan = new_plan(new_id(), patient)
        found.append(Incoming(plan, file, verdict, mistakable, twofold=twofold, place=place))
        people[patient.id].add(_person(patient))
    return tuple(found)


def export_all(archive: Archive, folder: Path, passphrase: str = "") -> tuple[int, tuple[str, ...]]:
    """Every plan as a file of its own, sealed where a passphrase is given; unsealed also the patients and the trail.

    InputProblem where the folder holds something already, EnvironmentProblem where it is closed to this account. Gives
    the number of plans, and a sentence for each that is damaged: of a damaged store somebody wants the others out.
    """
    if is_closed(folder):
        raise EnvironmentProblem(told(folder, CLOSED))
    if folder.exists() and any(folder.iterdir()):
        raise InputProblem((f"{folder}: the folder is not empty; name a new one",))
    make_private_folder(folder)
    count, damaged = 0, list[str]()
    for summary in archive.list(limit=-1):
        try:
            plan = archive.load(summary.plan_id)
            text = plan_text(plan, passed_of(archive, plan))
        except KnownError as problem:
            damaged += problem.lines
            continue
        count += 1
        write_whole(
            folder / f"{_file_name(summary.plan_id)}.json",
            (seal_text(text, passphrase) if passphrase else text).encode(),
        )
    if not passphrase:
        write_whole(folder / "patients.csv", patients_csv(archive, without_damaged=True).encode())
        write_whole(folder / "trail.csv", trail_csv(archive.trail()).encode())
    return count, tuple(damaged)


def _file_name(plan_id: str) -> str:
    """A name that is safe on every disk; an id that is not gets its hash."""
    return plan_id if _PLAIN_NAME.fullmatch(plan_id) else hashlib.sha256(plan_id.encode()).hexdigest()[:32]
