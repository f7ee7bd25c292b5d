"""What an author of a protocol is told of numbers between two bands or orders for which nothing stands."""

import pytest

from planner.services.band_gaps import band_gaps
from planner.services.catalogue import problems_of_file, remarks_on_file
from tests.golden.cases import library
from tests.services.test_unled import GUIDE

DOSE = 'dose = "1 mg/m2"\ncap = "2 mg"                          # the largest single dose\n'
ORDER = """
[[phases.orders]]
id = "{}"
agent = "cytarabine"
role = "antineoplastic"
route = "IV"
dose = "1 g/m2"
days = "2"
when = "{}"
evidence = "unverified"
references = ["G1"]

"""


@pytest.fixture
def told(tmp_path):
    """The remarks on the guide's example with these bands of vincristine, or these two orders of cytarabine."""

    def read(*conditions, orders=False):
        bands = "".join(f'{{ when = "{one}", dose = "1 mg" }},' for one in conditions)
        text = GUIDE.replace(DOSE, f"bands = [{bands}]\n")
        if orders:
            text = GUIDE.replace(
                "[[phases.assessments]]\n",
                "".join(ORDER.format(f"o{count}", one) for count, one in enumerate(conditions)).lstrip()
                + "[[phases.assessments]]\n",
                1,
            )
        assert text != GUIDE
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        assert problems_of_file(path, library()) == ()
        remarks = [one.removeprefix(f"{path}: phase induction, order ") for one in remarks_on_file(path, library())]
        return [one.partition(", but")[0] for one in remarks if "nothing stands for" in one]

    return read


@pytest.mark.parametrize(
    ("bands", "found"),
    [
        (("weight > 45", "weight < 45"), ["vincristine: nothing stands for weight 45"]),
        (("weight >= 45", "weight < 45"), []),
        (("weight >= 50", "weight <= 45"), ["vincristine: nothing stands for weight 47.5"]),
        (("age <= 12", "age >= 13"), []),
        (("age <= 12", "age > 13"), ["vincristine: nothing stands for age 13"]),
        (("age >= 3", "age >= 2", "age >= 1"), []),
        (("crcl >= 80", "crcl >= 50"), []),
        (("sex = male and weight >= 45", "sex = male and weight < 45", "sex = female and weight > 45"), []),
        (("cns = CNS1 and age > 60", "cns = CNS1 and age < 60"), ["vincristine: nothing stands for age 60"]),
        (("age > 60 and weight > 45", "age < 60 and weight < 45"), []),
    ],
)
def test_a_number_between_two_bands_is_told_and_what_lies_outside_is_not(told, bands, found):
    """Vincristine by "weight > 45" and "weight < 45" was drawn without a dose for 45 kg, its author was not told."""
    assert told(*bands) == found


def test_a_number_between_two_orders_of_one_drug_is_told(told):
    assert told("age < 10", "age > 10", orders=True) == ["o0, o1: nothing stands for age 10"]
    assert told("age < 10", "age >= 10", orders=True) == []
    assert told("age < 10 and sex = male", "age > 10 and sex = female", orders=True) == []


def test_of_the_shipped_protocols_one_leaves_a_number_out_as_its_sources_do():
    """ALL2820: "less or more than 65 years"."""
    found = {name: band_gaps(one.protocol) for name, one in library().protocols.items()}
    assert {name for name, gaps in found.items() if gaps} == {"all2820"}
    assert all("age_at_entry 65" in gap for gap in found["all2820"])
