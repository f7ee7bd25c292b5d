"""A plan that comes back from another computer: what was changed there may follow what lies here, where nothing did.

A plan file tells the saved states that its plan went through. Where the newest state here is among them, everything
done since was done elsewhere, and the plan in the file can be the next revision. Nothing here decides that by itself.
A store keeps what such a file told of the states before its own first one: handed on from here to a third computer, the
plan comes home from there as well.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from planner.model.civil import clinical_date
from planner.model.plan import Plan
from planner.model.revision import Passed
from planner.services.store.archive import Archive
from planner.storage.plan_codec import checksum_of_plan
from planner.storage.repository import Edit

LATER, EARLIER, PARTED, OTHER, SAME = "later", "earlier", "parted", "other", "same"
COMES_HOME = "Import of changes made elsewhere: {changes}"
MOST_OF_A_NAME = 80
ONE_CHANGE, CHANGES = "1 change, by {who} on {when} UTC", "{count} changes, the last by {who} on {when} UTC"


class Standing(NamedTuple):
    """How a plan stands to the one of its id here: the verdict, the revision both come from, and the changes since."""

    verdict: str
    since: int = 0
    here: tuple[Passed, ...] = ()
    there: tuple[Passed, ...] = ()


def passed_of(
    archive: Archive, plan: Plan, counter: int | None = None, who: str = "", at: str = ""
) -> tuple[Passed, ...]:
    """The saved states that a plan went through up to that revision, itself last; none where it never was saved.

    `who` and `at` are told of a plan that was changed and is not saved yet.
    """
    states = _with_elsewhere(archive, plan.id, counter)
    return with_own(states, plan, who, at) if states else ()


def unknown_of(archive: Archive, plan: Plan, passed: Sequence[Passed]) -> tuple[Passed, ...]:
    """Of the states that a plan from a file went through before, those of which the store knows nothing."""
    if not passed:
        return ()
    known = {one.checksum for one in (*_with_elsewhere(archive, plan.id), Passed(checksum_of_plan(plan), "", ""))}
    return tuple({one.checksum: one for one in passed if one.checksum not in known}.values())


def with_own(states: Sequence[Passed], plan: Plan, who: str = "", at: str = "") -> tuple[Passed, ...]:
    """The states a plan went through with its own last, as it is written today."""
    own, last = checksum_of_plan(plan), states[-1]
    return tuple(states) if last.checksum == own else (*states, Passed(own, who or last.who, at or last.at))


def standing_of(archive: Archive, plan: Plan, passed: Sequence[Passed]) -> Standing:
    """How a plan of a file, which went through these states, stands to the plan of its id here."""
    newest, own = archive.load(plan.id), checksum_of_plan(plan)
    if newest == plan:
        return Standing(SAME)
    here, states = _states(archive, plan.id), [one.checksum for one in passed]
    numbers = {one.checksum: number for number, one in enumerate(here, 1)} | {checksum_of_plan(newest): len(here)}
    shared = [place for place, state in enumerate(states) if state in numbers and state != own]
    is_of_here = states == [one.checksum for one in _with_elsewhere(archive, plan.id)[: len(states)]]
    if own in numbers and (is_of_here or not shared):
        return Standing(EARLIER, numbers[own])
    if not shared:
        return Standing(OTHER)
    last = max(shared, key=lambda place: (numbers[states[place]] == len(here), place))  # the newest here, where it is
    since, there = numbers[states[last]], tuple(passed[last + 1 :])
    return Standing(PARTED if since < len(here) else LATER, since, here[since:], there)


def _states(archive: Archive, plan_id: str) -> tuple[Passed, ...]:
    return tuple(Passed(one.checksum, one.who, one.at) for one in archive.history(plan_id))


def arriving(edit: Edit, unknown: tuple[Passed, ...]) -> Edit:
    """The edit that saves a plan from a file, with the states it went through of which the store knows nothing."""
    return edit._replace(passed=unknown, told=changes_told(unknown, str.format)) if unknown else edit


def save_from_file(
    archive: Archive, plan: Plan, what: str, who: str, at: str, *, after: int, passed: Sequence[Passed]
) -> None:
    """Save a plan that was changed in a file, as `Archive.save` does, with what the file told of the states before."""
    archive.repository.append_all((arriving(Edit(plan, what, after), unknown_of(archive, plan, passed)),), who, at)


def _with_elsewhere(archive: Archive, plan_id: str, counter: int | None = None) -> tuple[Passed, ...]:
    """The same up to a revision, each after what its file told of the states before it."""
    with archive.repository.reading():
        elsewhere = archive.repository.states.elsewhere(plan_id)
    own = _states(archive, plan_id)[:counter]
    return tuple(state for number, one in enumerate(own, 1) for state in (*elsewhere.get(number, ()), one))


def changes_told(changes: Sequence[Passed], fill: Callable[..., str]) -> str:
    """How many changes, and who made the last one when; `fill(pattern, **values)` may say it in another language."""
    last = changes[-1]
    pattern = ONE_CHANGE if len(changes) == 1 else CHANGES
    return fill(pattern, count=len(changes), who=_shown(last.who), when=_when(last.at))


def _when(at: str) -> str:
    """The moment with the month as a word, in UTC; what is no moment as it stands in the file."""
    try:
        moment = datetime.fromisoformat(at)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # the latter of the first and last year, which UTC may leave
        return _shown(at[:16])
    return f"{clinical_date(moment.date())} {moment:%H:%M}"


def _shown(text: str) -> str:
    """A name from a file for a line that stays in the trail: no line ends, no signs that turn text round."""
    return "".join(filter(str.isprintable, text))[:MOST_OF_A_NAME]
