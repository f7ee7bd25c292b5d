"""Drug names as a clinic writes them."""

from planner.model.agent import Agent
from planner.model.drug_names import DRUG_NAMES, shown_name, spelled

VINCRISTINE = Agent("vincristine", "Vincristine", tall_man="vinCRIStine")
IMATINIB = Agent("imatinib", "Imatinib")
AGENTS = {one.id: one for one in (VINCRISTINE, IMATINIB)}


def test_a_name_has_its_tall_man_letters_only_where_the_clinic_wants_them() -> None:
    assert [shown_name(VINCRISTINE, names) for names in DRUG_NAMES] == ["Vincristine", "vinCRIStine"]


def test_a_name_that_no_list_has_stays_plain() -> None:
    assert [shown_name(IMATINIB, names) for names in DRUG_NAMES] == ["Imatinib", "Imatinib"]


def test_a_vocabulary_is_spelled_once_and_only_where_something_changes() -> None:
    assert spelled(AGENTS, "plain") is AGENTS
    tall = spelled(AGENTS, "tall-man")
    assert {key: one.name for key, one in tall.items()} == {"vincristine": "vinCRIStine", "imatinib": "Imatinib"}
    assert tall["imatinib"] == IMATINIB
    assert spelled(tall, "tall-man") is tall
