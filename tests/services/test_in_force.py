"""Protocols that the library has otherwise by now, or no longer in force: told of old plans, refused for new ones."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import build_protocol
from planner.errors import Refusal
from planner.model.library import ShelvedProtocol
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_phase, add_protocol, new_plan, start_on
from tests.courses import PATIENT
from tests.golden.cases import library

START = start_on(date(2026, 3, 2))


def shelved(*changes: tuple[str, str]) -> ShelvedProtocol:
    """POMP as a library holds it, its text changed."""
    own = library().protocols["pomp"]
    text = own.pin.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    protocol = build_protocol(text)
    pin = replace(own.pin, text=text, version=protocol.version, sha256=f"other {protocol.version} {protocol.status}")
    return ShelvedProtocol(pin, protocol, "site")


def told(newer: ShelvedProtocol) -> tuple[tuple[str, ...], str]:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["pomp"], START)
    now = replace(library(), protocols={**library().protocols, "pomp": newer})
    checked = evaluate(plan, now).checked
    return checked.outdated, str(checked)


def test_a_plan_says_that_the_library_has_its_protocol_otherwise() -> None:
    names, words = told(shelved(('version = "1"', 'version = "2"'), ("2 mg", "1 mg")))
    assert names == ("pomp 1 (version 2 in the library)",)
    assert words.endswith("; this plan keeps another text than the library of: pomp 1 (version 2 in the library)")


def test_a_text_that_was_changed_without_a_new_version_is_not_told_as_that_version() -> None:
    names, _ = told(shelved(("2 mg", "1 mg")))
    assert names == ("pomp 1 (version 1 with another text in the library)",)


@pytest.mark.parametrize("status", ["retired", "superseded"])
def test_a_plan_says_that_its_protocol_is_no_longer_in_force(status: str) -> None:
    names, _ = told(shelved(('status = "draft"', f'status = "{status}"')))
    assert names == (f"pomp 1 ({status} in the library)",)


def test_nothing_is_said_of_the_newest_nor_of_a_protocol_the_library_lacks() -> None:
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["pomp"], START)
    assert evaluate(plan, library()).checked.outdated == ()
    assert evaluate(plan, replace(library(), protocols={})).checked.outdated == ()


def test_no_new_plan_is_made_from_a_protocol_that_is_not_in_force() -> None:
    retired = shelved(('status = "draft"', 'status = "retired"'))
    with pytest.raises(Refusal, match=r"pomp 1 is retired$"):
        add_protocol(new_plan("p", PATIENT), retired, START)
    followed = shelved(('status = "draft"', 'status = "superseded"\nsuperseded_by = "pomp-new"'))
    with pytest.raises(Refusal, match="pomp 1 is superseded by pomp-new: place that one"):
        add_phase(new_plan("p", PATIENT), followed, "first-year", START)
