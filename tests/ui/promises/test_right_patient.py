"""Promise C9: whatever is switched, edited and printed, window and paper are of the same patient and of no other."""

from random import Random

import pytest
from msgspec.structs import replace

from planner.model.civil import clinical_date
from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.printing import BUILDERS
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.exports.papers import page_texts, squashed
from tests.golden.cases import PATIENTS, START, library
from tests.promises.said import at_last
from tests.ui.desks import open_desk
from tests.ui.promises.shown import of_window

PEOPLE = {
    "Zyxwvut": ("7700112233", "leukapheresis"),
    "Qponmlk": ("8811223344", "blinatumomab-mrd"),
    "Jihgfed": ("9922334455", "obe-cel"),
}


def plans():
    for number, (name, (known_as, protocol)) in enumerate(PEOPLE.items()):
        person = replace(PATIENTS["adult"], id=known_as, family_name=name, given_name="Ada", diagnosis=f"of {name}")
        born = person.birth_date.replace(year=1960 + 7 * number)
        plan = new_plan(f"plan-{number}", replace(person, birth_date=born))
        yield add_protocol(plan, library().protocols[protocol], start_on(START))


def agrees(desk, name):
    """Banner and panels name this patient twice, and nothing but the list of plans names another."""
    window, patient = desk.window, desk.document.evaluated.plan.patient
    assert patient.family_name == name
    banner = window.banner
    assert banner.isVisible()
    assert banner.width() == window.width()
    assert (banner.name.text(), banner.id.text()) == (f"{name}, Ada", f"ID {PEOPLE[name][0]}")
    assert clinical_date(patient.birth_date) in banner.born.text()
    assert banner.sex.text() == "Female"
    told = "\n".join(of_window(window, but=(window.plans,)))
    others = [word for other, (known_as, _) in PEOPLE.items() if other != name for word in (other, known_as)]
    assert [word for word in others if word in told] == []
    table = window.bottom.schedule
    if table.isVisible():
        assert table.model().rowCount() == len(desk.document.evaluated.schedule.events)
    if window.timeline.isVisible():
        assert window.timeline.scene.timeline == desk.document.evaluated.timeline


def switch(_chance, desk, name):
    summaries = {one.family_name: one for one in desk.window.doors.list_plans("")}
    desk.window.open_plan(summaries[name])


def edit(chance, desk, _name):
    window = desk.window
    blocks = desk.document.evaluated.schedule.blocks
    window.select(chance.choice(blocks).id)
    act = chance.choice(("later_day", "earlier_week", "undo", "redo", "calendar", "timeline", "table", "counters"))
    if window.actions_by_id[act].isEnabled():
        window.act(act)


def prints(chance, desk, name):
    kind = chance.choice(sorted(BUILDERS))
    evaluated = desk.document.evaluated
    pages = [squashed(text) for text in page_texts(desk.make_sheet(evaluated, kind, chance.choice(("A4", "Letter"))))]
    for page in pages:
        assert f"{name},Ada" in page
        assert PEOPLE[name][0] in page
        assert not [other for other in PEOPLE if other != name and other in page]


@pytest.mark.parametrize("acts", [12, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(14_400)
def test_switching_editing_and_printing_never_mixes_patients(qtbot, tmp_path, acts):
    chance = Random(9)
    with open_desk(qtbot, tmp_path / "data") as desk:
        for plan in plans():
            desk.document.create(plan, "New")
        names, name = sorted(PEOPLE), "Jihgfed"
        for number in range(acts):
            if number % 2 == 0:
                name = chance.choice(names)
                switch(chance, desk, name)
            else:
                chance.choice((edit, prints))(chance, desk, name)
            agrees(desk, name)
        desk.document.close()
        told = "\n".join(of_window(desk.window, but=(desk.window.plans,)))
        assert [word for word in PEOPLE if word in told] == []


def test_the_banner_says_what_is_not_recorded(qtbot, tmp_path):
    """Promise C18 on the screen: no part of the banner is blank, a question mark or 0."""
    demo = demo_plan(resources())
    bare = replace(demo.patient, id="", sex="unknown", measurements=(), labs=(), markers=(), diagnosis="")
    with open_desk(qtbot, tmp_path / "data") as desk:
        desk.document.open(replace(demo, patient=bare), 1)
        banner = desk.window.banner
        said = [part.text() for part in (banner.name, banner.born, banner.id, banner.sex, banner.body)]
        assert said[2:] == ["ID not recorded", "Sex not known", "No height and weight recorded"]
        assert all(said)
        assert at_last(replace(demo, patient=bare)).checked.not_checkable > 0
