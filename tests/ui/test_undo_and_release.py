"""Undo and redo across signatures and issues: nothing that happened is taken back, nothing is verified that was not."""

import random
from datetime import date

from msgspec.structs import replace

from planner.model.release import PREPARED, VERIFIED, Stage, open_items
from planner.model.site import Site
from planner.services.release import confirm, issue, release, sign, version_code
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.courses import PATIENT
from tests.exports.papers import library
from ui.document import PlanDocument

AT = "2026-11-28T09:00:00+00:00"
SITE = Site(phone_24h="555 0100", when_to_call="A fever of 38 °C or more")
NAMES = ("Ana", "Ben")
SHEETS = ("roadmap", "calendar")


def test_undo_redo_and_going_back_keep_the_record_and_invent_no_signature(qapp):
    """Promise C20: at every step each signature and issue ever made is there, and the stage is what it says."""
    chance = random.Random(20)
    document = PlanDocument(replace(library(), rules=()), lambda _: SITE, lambda _plan, _what, after: after + 1)
    document.open(_confirmed(document), 1)
    signed, issued, states, seen = [], [], [document.evaluated.plan], dict.fromkeys(Stage, 0)
    for _ in range(1000):
        _act(document, chance, states)
        plan, stands = document.evaluated.plan, release(document.evaluated.plan)
        assert list(plan.sign_offs[: len(signed)]) == signed
        assert list(plan.issues[: len(issued)]) == issued
        signed, issued = list(plan.sign_offs), list(plan.issues)
        version = version_code(plan)
        names = {one.meaning: one.by for one in signed if one.version == version}
        assert (stands.prepared is not None, stands.verified is not None) == (PREPARED in names, VERIFIED in names)
        assert VERIFIED not in names or names[VERIFIED] != names[PREPARED]
        assert (stands.stage is Stage.ISSUED) == (VERIFIED in names and any(one.version == version for one in issued))
        for sheet in SHEETS:
            own, last = stands.own(sheet), stands.last(sheet)
            assert (stands.superseded_by(sheet) is not None) == bool(own and own.version != last.version)
        seen[stands.stage] += 1
    assert all(seen.values()), seen


def _confirmed(document):
    """A plan of which everything open was confirmed by name, so that it can be issued."""
    shelved = library().protocols["blinatumomab-mrd"]
    plan = add_protocol(new_plan("p1", PATIENT), shelved, start_on(date(2026, 3, 2)))
    shown = document.look_at(plan)
    for item in open_items(plan, shown.schedule):
        plan = confirm(replace(shown, plan=plan), item.pin, item.order, "Ana", AT)
    return plan


def _act(document, chance, states):
    """One random step of somebody who plans, signs, hands out, and changes their mind."""
    kind = chance.choice(("edit", "prepare", "verify", "issue", "undo", "undo", "redo", "back", "prepare", "verify"))
    block, name = chance.choice(states[0].blocks).id, chance.choice(NAMES)
    if kind == "edit":
        document.edit("Move", lambda plan: editing.move_block(plan, block, chance.choice((-7, 1, 7))))
        states.append(document.evaluated.plan)
    elif kind in ("undo", "redo"):
        getattr(document.stack, kind)()
    elif kind == "back":
        old = chance.choice(states)
        document.edit("Back", lambda plan: replace(old, sign_offs=plan.sign_offs, issues=plan.issues))
    elif kind == "issue":
        document.record("Issue", lambda shown: issue(shown, chance.choice(SHEETS), name, AT, SITE))
    else:
        document.record("Sign", lambda shown: sign(shown, PREPARED if kind == "prepare" else VERIFIED, name, AT))
