"""What a first look keeps: right, or not used; only what is shipped; and never longer than the files it came from."""

import os

import pytest
from msgspec.structs import replace

from planner.content.first_look import first_look
from planner.content.protocol_file import build_protocol, make_pin
from planner.paths import resources
from planner.services.catalogue import keep_for_next_look, load_for_first_look, load_for_plans
from planner.services.demo import demo_plan, demo_site
from planner.services.evaluation import assembled

PLAN = demo_plan(resources())


@pytest.fixture
def kept(tmp_path):
    keep_for_next_look(PLAN, resources(), tmp_path)
    (file,) = tmp_path.iterdir()
    return file


def test_what_was_kept_gives_the_same_schedule_as_the_texts(kept):
    site = demo_site(resources())
    quick = load_for_first_look(PLAN, resources(), None, kept.parent)
    assert quick.at_hand == {pin.sha256: build_protocol(pin.text) for pin in PLAN.pins}
    whole = load_for_plans(resources())
    assert whole.at_hand == {}
    assert assembled(PLAN, quick, site) == assembled(PLAN, whole, site)
    assert quick.agents.items() <= whole.agents.items()


def test_it_is_written_once_and_a_look_at_another_plan_takes_its_place(kept):
    moment = kept.stat().st_mtime_ns
    keep_for_next_look(PLAN, resources(), kept.parent)
    assert kept.stat().st_mtime_ns == moment
    text = (resources() / "protocols" / "all" / "calgb-10403.toml").read_text("utf-8")
    keep_for_next_look(replace(PLAN, pins=(make_pin(text),)), resources(), kept.parent)
    (other,) = kept.parent.iterdir()
    assert other != kept


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "*", "**", "", "a\0b"])
def test_the_id_of_a_foreign_plan_is_no_pattern(tmp_path, name):
    keep_for_next_look(replace(PLAN, pins=(replace(PLAN.pins[0], id=name),)), resources(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_not_shipped_is_not_kept(tmp_path):
    changed = replace(PLAN.pins[0], text=f"# ours\n{PLAN.pins[0].text}")
    keep_for_next_look(replace(PLAN, pins=(changed,)), resources(), tmp_path)
    keep_for_next_look(replace(PLAN, pins=()), resources(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_patient_is_in_it(kept):
    content = kept.read_bytes()
    for words in (PLAN.patient.family_name, PLAN.patient.id, PLAN.id):
        assert words.encode() not in content


def test_changed_agents_or_another_plan_are_another_file(kept, tmp_path):
    assert first_look(PLAN.pins, resources(), kept.parent)
    assert first_look((), resources(), kept.parent) is None
    shipped = tmp_path / "shipped"
    (shipped / "agents").mkdir(parents=True)
    (shipped / "agents" / "few.toml").write_text("")
    assert first_look(PLAN.pins, shipped, kept.parent) is None
    assert first_look(PLAN.pins, tmp_path / "gone", kept.parent) is None


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" * 99])
def test_a_damaged_file_is_not_used(kept, damage):
    kept.write_bytes(damage(kept.read_bytes()))
    assert first_look(PLAN.pins, resources(), kept.parent) is None
    assert load_for_first_look(PLAN, resources(), None, kept.parent).at_hand.keys() == {PLAN.pins[0].sha256}


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_file_that_others_may_write_is_not_used(kept):
    kept.chmod(0o666)
    assert first_look(PLAN.pins, resources(), kept.parent) is None
