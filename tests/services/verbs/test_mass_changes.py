"""Many plans at once: confirmed, backed up, and all of it can be taken back (promises.md R10)."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from planner.errors import InputProblem, Refusal
from planner.model.store import Protection
from planner.services.store.archive import MASS, Archive
from planner.services.store.exchange import PlanFile, bring_in, look_at_plans
from planner.services.store.keeping import back_up, backups, restore
from planner.services.store.protection import create
from planner.storage.backup import backups_in, too_many
from planner.storage.repository import Edit
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
COUNT = 30


@pytest.fixture
def folder(tmp_path):
    key = create(tmp_path / "data", Protection.FILE)
    with Archive.open(tmp_path / "data", key) as archive:
        archive.repository.append_all([Edit(small_plan(f"p{number}"), "New plan") for number in range(COUNT)], "w", AT)
    return tmp_path / "data"


@pytest.mark.parametrize("seed", range(4))
def test_a_robot_that_deletes_and_imports_loses_nothing(folder, seed):
    chance, states = random.Random(seed), {f"p{number}": 1 for number in range(COUNT)}
    with Archive.open(folder) as archive:
        for _ in range(40):
            gone = {one.plan_id for one in archive.deleted()}
            match chance.randrange(5):
                case 0 | 1:
                    chosen = chance.sample(sorted(states), chance.randint(1, 12))
                    confirmed = chance.choice((0, len(chosen), len(chosen) + 1))
                    may = confirmed == len(chosen) or not archive.is_mass(len(chosen))
                    wrong = not may or bool(gone & set(chosen))
                    before = (archive.count(), archive.repository.trail_end())
                    try:
                        archive.delete(chosen, "robot", "w", AT, confirmed)
                        assert not wrong
                    except Refusal:
                        assert wrong
                        assert (archive.count(), archive.repository.trail_end()) == before, "all or none"
                case 2:
                    for plan_id in sorted(gone)[: chance.randint(0, 8)]:
                        archive.take_back(plan_id, "robot", "w", AT)
                case 3:
                    incoming = look_at_plans(
                        archive, [PlanFile(small_plan(one), "f.json") for one in chance.sample(sorted(states), 5)]
                    )
                    assert bring_in(archive, incoming, "w", AT) == ()
                    assert bring_in(archive, (), "w", AT) == ()
                case _:
                    plan_id = chance.choice(sorted(set(states) - gone) or ["p0"])
                    if plan_id not in gone:
                        states[plan_id] += 1
                        archive.save(later(small_plan(plan_id), states[plan_id]), "Edit", "w", AT)
        for one in archive.deleted():
            archive.take_back(one.plan_id, "robot", "w", AT)
        assert archive.count() == COUNT
        for plan_id, number in states.items():
            assert len(archive.history(plan_id)) == number
            wanted = later(small_plan(plan_id), number) if number > 1 else small_plan(plan_id)
            assert archive.load(plan_id) == wanted
        assert archive.verify() == ()


def test_what_is_many_is_more_than_five_or_a_fifth(folder):
    with Archive.open(folder) as archive:
        assert [archive.is_mass(number) for number in (1, MASS, MASS + 1)] == [False, False, True]
        archive.delete([f"p{number}" for number in range(20)], "moved", "w", AT, confirmed=20)
        assert [archive.is_mass(number) for number in (1, 2, 3)] == [False, False, True]
        with pytest.raises(InputProblem):
            archive.delete(["p25", "nobody"], "x", "w", AT)
        assert archive.count() == 10


def test_a_backup_before_a_mass_change_stays_for_more_than_thirty_days(folder):
    """It is not thinned away: the change can be undone by it, too, long after."""
    with Archive.open(folder) as archive:
        key = archive.repository.key
    made = back_up(folder, key, NOW, "before void").backup
    with Archive.open(folder) as archive:
        archive.delete([f"p{number}" for number in range(25)], "mistake", "w", AT, confirmed=25)
    for hours in range(0, 45 * 24, 6):
        at = NOW + timedelta(hours=hours)
        assert made not in too_many((*backups_in(folder / "backups"), made._replace(at=at, number=99, why="")), at)
    restore(folder, key, next(one for one in backups(folder) if one.why == "before void"), "w", NOW)
    with Archive.open(folder) as archive:
        assert archive.count() == COUNT
