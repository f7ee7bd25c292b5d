"""A signature holds for the doses too that the site's own rounding makes of the plan, and for its hours."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.agent import DoseRange, Strength
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.release import Stage
from planner.model.site import Site
from planner.services.dosed_as import _told_of
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet, pdf_of
from planner.services.release import issue, release, version_code
from planner.services.store.issued import issue_before
from planner.services.tables import EXPORTS
from planner.services.telling.preview import stale_sheets
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.courses import PATIENT
from tests.exports.papers import library, page_texts
from tests.services.test_release import AT, BEN, SITE, all_confirmed, verified

PRINTED = datetime(2026, 11, 29, 12, 0)


def rounded_otherwise(agent: str) -> Library:
    """The library as a site's file changes one agent in it."""
    agents = dict(library().agents)
    agents[agent] = replace(agents[agent], round_to=Decimal(20), changed=("round_to",))
    return replace(library(), rules=(), agents=agents)


def seen(plan, site: Site = SITE, books: Library | None = None) -> EvaluatedPlan:
    return evaluate(plan, books or replace(library(), rules=()), site)


@pytest.fixture(scope="module")
def issued() -> EvaluatedPlan:
    """Signed by two, its roadmap handed out."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["calgb-10403"], start_on(date(2026, 3, 2)))
    shown = verified(all_confirmed(seen(plan)))
    return replace(shown, plan=issue(shown, "roadmap", BEN, AT, SITE))


def of_a_later_edition(agent: str, **fields: object) -> Library:
    """The library as another edition of the program ships it."""
    agents = dict(library().agents)
    agents[agent] = replace(agents[agent], **fields)
    return replace(library(), rules=(), agents=agents)


OTHERWISE = {
    "edition": lambda plan: seen(plan, books=of_a_later_edition("daunorubicin", round_to=Decimal(20))),
    "rounding": lambda plan: seen(plan, replace(SITE, rounding="vials")),
    "day": lambda plan: seen(plan, replace(SITE, treatment_day_starts=480)),
    "agent": lambda plan: seen(plan, books=rounded_otherwise("daunorubicin")),
}


@pytest.mark.parametrize("choice", OTHERWISE)
def test_other_rounding_is_another_version_that_nobody_signed(issued: EvaluatedPlan, choice: str) -> None:
    assert release(issued.plan, issued.dosed_as).stage is Stage.ISSUED
    other = OTHERWISE[choice](issued.plan)
    stands = release(other.plan, other.dosed_as)
    assert (stands.stage, stands.prepared, stands.verified) == (Stage.DRAFT, None, None)
    assert [one.sheet for one in stands.stale] == ["roadmap"]
    assert len(stale_sheets(issued, other)) == 1
    for page in page_texts(pdf_of(make_sheet(other, "roadmap", SITE, PRINTED), "A4")):
        assert "DRAFT" in page
        assert version_code(issued.plan) not in page
    assert issue_before(other.plan, "roadmap", [lambda: issued.plan], other.dosed_as) == issued.plan
    again = verified(all_confirmed(other))
    assert release(again.plan, again.dosed_as).verified is not None
    assert release(again.plan).stage is Stage.ISSUED, "as it was signed first, it stands"


def test_what_concerns_no_dose_of_the_plan_changes_nothing(issued: EvaluatedPlan) -> None:
    for other in (
        seen(issued.plan, replace(SITE, paper="Letter", week_starts=6, name="Another")),
        seen(issued.plan, books=rounded_otherwise("busulfan")),
    ):
        assert other.dosed_as == ""
        assert release(other.plan, other.dosed_as).stage is Stage.ISSUED


def test_the_tables_name_the_same_version_as_the_sheets(issued: EvaluatedPlan) -> None:
    other = OTHERWISE["agent"](issued.plan)
    version = version_code(other.plan, other.dosed_as)
    assert version != version_code(other.plan)
    assert version in page_texts(pdf_of(make_sheet(other, "roadmap", SITE, PRINTED), "A4"))[0]
    for form in ("ics", "fhir"):
        text = EXPORTS[form](other, PRINTED).decode()
        assert version in text
        assert version_code(other.plan) not in text


BANDS = (DoseRange(Decimal(40), Decimal(60), Decimal(50)),)
SMALLER = (Strength(Decimal(10), "mg"),)


@pytest.mark.parametrize(
    ("agent", "fields", "rounding", "counts"),
    [
        ("daunorubicin", {"dose_bands": BANDS, "usual_unit": "mg"}, "step", False),
        ("daunorubicin", {"dose_bands": BANDS, "usual_unit": "mg"}, "bands", True),
        ("pegaspargase", {"vials": SMALLER}, "step", False),
        ("pegaspargase", {"vials": SMALLER}, "vials", True),
        ("mercaptopurine", {"tablets": SMALLER}, "step", True),
        ("mercaptopurine", {"tablets": (), "plain_words": "other words", "reference": "another label"}, "step", True),
        ("mercaptopurine", {"plain_words": "other words", "strengths_reference": "another label"}, "step", False),
        ("busulfan", {"round_to": Decimal(5)}, "step", False),
    ],
)
def test_another_edition_counts_where_doses_of_the_plan_follow_it(
    issued: EvaluatedPlan, agent: str, fields: dict[str, object], rounding: str, counts: bool
) -> None:
    site = replace(SITE, rounding=rounding)
    before = seen(issued.plan, site).dosed_as
    other = seen(issued.plan, site, of_a_later_edition(agent, **fields)).dosed_as
    assert (other != before) == counts


def test_what_a_site_changed_is_told_as_before_and_what_an_edition_changed_besides() -> None:
    books = rounded_otherwise("mercaptopurine")
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["calgb-10403"], start_on(date(2026, 3, 2)))
    told = seen(plan, books=books).dosed_as
    assert told == "mercaptopurine: round_to=20, usual_unit=mg"
    agents = {**books.agents, "mercaptopurine": replace(books.agents["mercaptopurine"], tablets=SMALLER)}
    assert seen(plan, books=replace(books, agents=agents)).dosed_as == (
        "mercaptopurine: round_to=20, tablets=10 mg, usual_unit=mg"
    )


def test_plans_of_this_edition_have_the_codes_of_the_first() -> None:
    """A change of what is shipped shows here: its plans get other codes on purpose, and the file of the first stays."""
    assert [agent.id for agent, _ in _told_of(library().agents)] == []
