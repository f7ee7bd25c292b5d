"""What is asked of every chain of random verbs: the second opinion agrees, and each step can be written and read."""

from collections import Counter
from collections.abc import Iterator

from planner.model.plan import Examination
from planner.model.quantity import plain
from planner.storage.plan_codec import decode, encode
from tests.assembly.second_changes import ChangedOpinion
from tests.services.verbs.random_patient import PERSON, START
from tests.services.verbs.random_verbs import Course, Verb, do

RESCUE = "leucovorin"
LEFT_OUT = ("omitted", "stopped", "held")


def by_planner(course: Course) -> list[tuple[tuple[str, str, int, int, str, str], str]]:
    return sorted(
        (
            (
                event.date.isoformat(),
                event.placed.block.id,
                event.placed.cycle,
                event.cycle_day,
                event.placed.agent,
                f"{plain(event.dose.value)} {event.dose.unit}" if event.dose.value is not None else "",
            ),
            f"{event.state if event.state in LEFT_OUT else ''} {event.dose.origin} {event.placed.evidence}",
        )
        for event in course.schedule().events
        if event.dose is not None
    ) + sorted(_examined(course))


def _examined(course: Course) -> list[tuple[tuple[str, str, int, int, str, str], str]]:
    """The examinations that the chain added, told as the second opinion does."""
    added = {one.order for one in course.plan.modifications if isinstance(one, Examination)}
    return [
        (
            (
                event.date.isoformat(),
                event.placed.block.id,
                event.placed.cycle,
                event.cycle_day,
                event.placed.order.id,
                "",
            ),
            f"{event.state if event.state in LEFT_OUT else ''} typed {event.placed.evidence}",
        )
        for event in course.schedule().events
        if event.placed.order.id in added
    ]


def check(text: str, *chains: list[Verb]) -> None:
    """Each chain from the untouched plan on."""
    course = Course(text)
    untouched = course.plan
    for chain in chains:
        course.plan, course.told = untouched, []
        check_chain(course, chain)


def check_chain(course: Course, chain: list[Verb]) -> None:
    for verb in chain:
        before = course.plan
        do(course, verb)
        if course.plan == before:
            continue
        assert decode(encode(course.plan), "plan.json") == course.plan
    check_course(course)


def check_doses(course: Course) -> ChangedOpinion:
    """The days and doses of the course as it stands, by the planner and by the second opinion, which is returned."""
    ours = Counter(by_planner(course))
    opinion = ChangedOpinion(course.text, PERSON, START, course.told)
    theirs = Counter(opinion.told())
    assert sorted((ours - theirs).items())[:4] == sorted((theirs - ours).items())[:4], course.told
    return opinion


def check_course(course: Course) -> None:
    """The course as it stands, the hours of its rescues included, by the planner and by the second opinion."""
    opinion = check_doses(course)
    planned, told = Counter(_rescued_at(course)), Counter(_told_at(opinion))
    assert sorted((planned - told).items())[:4] == sorted((told - planned).items())[:4], course.told


def _rescued_at(course: Course) -> Iterator[tuple[str, str, int, int, int, str]]:
    """When each dose of a rescue is due, to the minute (-1 where nobody knows): an hour late is another treatment."""
    for event in course.schedule().events:
        if event.placed.agent == RESCUE and event.dose is not None:
            state = str(event.state) if event.state in LEFT_OUT else ""
            place = event.placed.block.id, event.placed.cycle, event.cycle_day
            yield event.date.isoformat(), *place, event.minute, state


def _told_at(opinion: ChangedOpinion) -> Iterator[tuple[str, str, int, int, int, str]]:
    for (row, told), hour in zip(opinion.pairs, opinion.hours, strict=True):
        if row[4] == RESCUE:
            minute = -1 if hour is None else hour.hour * 60 + hour.minute
            yield row[0], row[1], row[2], row[3], minute, told.split(" ")[0]
