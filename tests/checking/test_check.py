"""What holds for every rule: series, ids, exemptions, acknowledgements, missing facts, failures, the summary."""

import pytest
from msgspec.structs import replace

from planner.checking import check as check_module
from planner.checking import memory
from planner.model.evidence import Status
from planner.model.finding import FindingStatus
from planner.model.plan import Acknowledgement, Plan
from planner.model.rule_values import parse_selector
from tests.builders import day, example_patient, example_schedule
from tests.checking.judging import find, judge, rule
from tests.checking.shipped import library, rules
from tests.schedules import with_events

WEEKLY = rule("minimum_interval", agents=["vincristine"], at_least="7 days")
TOO_SOON = ("1 vincristine 2 mg IV", "5 vincristine 2 mg IV")


def test_a_finding_carries_everything():
    (found,) = find(WEEKLY, *TOO_SOON)
    assert found.message == (
        "Vincristine C1 D5 (05-Jan-2026) comes less than 7 days after Vincristine C1 D1 (01-Jan-2026)."
    )
    assert found.arithmetic == "05-Jan-2026 − 01-Jan-2026 = 4 days, below 7 days"
    assert found.inputs == (
        ("earlier", "Vincristine C1 D1 (01-Jan-2026)"),
        ("later", "Vincristine C1 D5 (05-Jan-2026)"),
        ("least interval", "7 days"),
    )
    assert (found.rule, found.title, found.severity, found.status) == ("XX-01", "A rule", "warning", FindingStatus.OPEN)
    assert (found.statement, found.source, found.evidence, found.advice) == (
        "It says so.",
        "A source",
        "trial",
        "Do it.",
    )
    assert found.days == (day(1), day(5))
    assert found.orders == ("block/1/vincristine-0", "block/1/vincristine-1")


def test_one_series_is_one_finding_with_a_count():
    (found,) = find(WEEKLY, "1-5 vincristine 2 mg IV")
    assert found.count == 4
    assert found.message.endswith("4 times in this series.")
    assert dict(found.inputs)["also 4"] == "05-Jan-2026 − 04-Jan-2026 = 1 day, below 7 days"
    assert found.days == tuple(day(number) for number in range(1, 6))


def test_a_long_series_is_counted_not_written_out():
    (found,) = find(WEEKLY, "1-31 vincristine 2 mg IV")
    assert found.count == 30
    assert dict(found.inputs)["further"] == "18 more of the same"


def test_two_blocks_are_two_findings():
    found = find(WEEKLY, *TOO_SOON, "41 vincristine 2 mg IV block=b", "45 vincristine 2 mg IV block=b")
    assert [one.id for one in found] == ["XX-01:block/vincristine", "XX-01:b/vincristine"]


def test_the_id_stays_when_dates_shift_and_the_basis_does_not():
    (before,) = find(WEEKLY, *TOO_SOON)
    (after,) = find(WEEKLY, "11 vincristine 2 mg IV", "15 vincristine 2 mg IV")
    assert before.id == after.id
    assert before.basis != after.basis


@pytest.mark.parametrize("state", ["omitted", "stopped"])
def test_what_is_left_out_does_not_count(state):
    assert find(WEEKLY, "1 vincristine 2 mg IV", f"5 vincristine 2 mg IV state={state}") == ()


@pytest.mark.parametrize("state", ["planned", "provisional", "deferred", "held", "given"])
def test_everything_else_counts(state):
    (found,) = find(WEEKLY, "1 vincristine 2 mg IV", f"5 vincristine 2 mg IV state={state}")
    assert ("provisional" in found.message) == (state == "provisional")


def test_an_acknowledgement_holds_on_the_same_facts_and_no_others():
    (found,) = find(WEEKLY, *TOO_SOON)
    mark = Acknowledgement(found.id, found.basis, "agreed", "Ana", "2026-01-01T09:00")
    (same,) = find(WEEKLY, *TOO_SOON, acknowledgements=[mark])
    assert same.status is FindingStatus.ACKNOWLEDGED
    (moved,) = find(WEEKLY, "1 vincristine 2 mg IV", "4 vincristine 2 mg IV", acknowledgements=[mark])
    assert moved.status is FindingStatus.OPEN
    (other,) = find(WEEKLY, *TOO_SOON, acknowledgements=[replace(mark, finding="XX-02:block/vincristine")])
    assert other.status is FindingStatus.OPEN


def test_an_exemption_silences_that_rule_and_shows_why():
    also = replace(WEEKLY, id="XX-02")
    found = find([WEEKLY, also], *TOO_SOON, exemptions=[("XX-01", "the trial gives it twice a week")])
    assert [(one.rule, one.severity, one.status) for one in found] == [
        ("XX-02", "warning", FindingStatus.OPEN),
        ("XX-01", "advice", FindingStatus.ACKNOWLEDGED),
    ]
    assert found[1].message == f"{found[0].message} Exempt by protocol, because the trial gives it twice a week."
    assert found[1].id == "XX-01:block/vincristine:exempt"
    assert found[1].arithmetic


def test_an_exemption_does_not_reach_over_two_cycles():
    """A block drawn over another one: the protocol gives neither dose beside the other by design."""
    lines = ("1 vincristine 2 mg IV block=a", "5 vincristine 2 mg IV block=b")
    (found,) = find(WEEKLY, *lines, exemptions=[("XX-01", "the trial gives it twice a week")])
    assert (found.severity, found.status) == ("warning", FindingStatus.OPEN)


def test_a_finding_without_doses_is_never_exempt():
    unknown = rule("known_agents")
    (found,) = find(unknown, "1 vincristine 2 mg IV", co_medications=["dragonwort 1-"], exemptions=[("XX-01", "so")])
    assert found.status is FindingStatus.CANNOT_CHECK


def test_a_rule_for_other_patients_is_silent():
    older = rule("minimum_interval", when="age >= 60", agents=["vincristine"], at_least="7 days")
    assert find(older, *TOO_SOON) == ()
    assert find(older, *TOO_SOON, facts={"age": "60"})


def test_a_rule_whose_fact_is_missing_says_so_once():
    asked = rule("minimum_interval", when="ph = positive", agents=["vincristine"], at_least="7 days")
    (found,) = find(asked, "1-5 vincristine 2 mg IV")
    assert found.status is FindingStatus.CANNOT_CHECK
    assert found.message.startswith(
        "Cannot tell whether this rule applies (Philadelphia chromosome positive): "
        "Philadelphia chromosome not recorded. If it does: "
    )
    assert dict(found.inputs)["missing"] == "Philadelphia chromosome"
    assert found.count == 4
    assert find(asked, "1 vincristine 2 mg IV") == ()
    assert find(asked, "1-5 vincristine 2 mg IV", facts={"ph": "negative"}) == ()
    (positive,) = find(asked, "1-5 vincristine 2 mg IV", facts={"ph": "positive"})
    assert positive.status is FindingStatus.OPEN


@pytest.mark.parametrize(
    ("protocols", "speaks"),
    [((), True), (("x",), True), (("y",), False), (("not x",), False), (("not y",), True), (("x", "not y"), True)],
)
def test_a_rule_may_be_about_some_protocols(protocols, speaks):
    limited = rule("minimum_interval", protocols=protocols, agents=["vincristine"], at_least="7 days")
    found = find(limited, "1 vincristine 2 mg IV block=b protocol=x", "5 vincristine 2 mg IV block=b protocol=x")
    assert bool(found) == speaks


def test_a_value_the_site_has_not_set_is_told_where_both_agents_are_planned():
    unset = rule("minimum_interval", site_setting=True, agents=["vincristine"], after=["class:azole"])
    (found,) = find(unset, "8 vincristine 2 mg IV", co_medications=["voriconazole 1-3"])
    assert found.status is FindingStatus.CANNOT_CHECK
    about = ("about", "Vincristine on 08-Jan-2026; voriconazole (from 01-Jan-2026 to 03-Jan-2026)")
    assert found.inputs == (("at least", "not set"), about, ("missing", "XX-01: at least (not set)"))
    assert find(unset, "8 vincristine 2 mg IV") == ()
    assert find(unset, "8 daunorubicin 25 mg/m2 IV", co_medications=["voriconazole 1-3"]) == ()


def test_a_rule_that_raises_is_reported_and_the_others_are_judged(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setitem(check_module.CHECKS, "route", broken)
    bad = replace(rule("route", agents=["vincristine"], only=["IV"]), id="XX-02")
    found, summary = judge([bad, WEEKLY], *TOO_SOON)
    failed = next(one for one in found if one.rule == "XX-02")
    assert failed.message == "rule XX-02 failed (ZeroDivisionError: a bug): nothing was checked."
    assert failed.status is FindingStatus.CANNOT_CHECK
    assert {one.rule for one in found} == {"XX-01", "XX-02"}
    assert (summary.rules, summary.not_checkable, summary.missing) == (2, 1, ("rule XX-02",))


def test_a_rule_that_raises_half_way_is_reported_too(monkeypatch):
    def broken(rule_, wanted, context):
        yield from check_module.minimum_interval.find(rule_, wanted, context)
        raise KeyError("late")

    monkeypatch.setitem(check_module.CHECKS, "minimum_interval", broken)
    (found,) = find(WEEKLY, *TOO_SOON)
    assert found.id == "XX-01:failed:cannot check"


def test_a_rule_that_cannot_be_made_is_reported_and_the_others_are_judged():
    """A parameter that its kind does not have: only a fault of our own puts it there, past the check of its file."""
    bad = replace(WEEKLY, id="XX-02", parameters={**WEEKLY.parameters, "at_most": 3})
    failed, judged = sorted(find([bad, WEEKLY], *TOO_SOON), key=lambda one: one.rule != "XX-02")
    assert failed.message.startswith("rule XX-02 failed (TypeError: ")
    assert failed.status is FindingStatus.CANNOT_CHECK
    assert judged.rule == "XX-01"


def test_a_finding_that_cannot_be_worded_is_reported(monkeypatch):
    tell = memory.Telling.tell

    def broken(telling, hits):
        if any(hit.of.key != "failed" for hit in hits):
            raise LookupError("no words")
        return tell(telling, hits)

    monkeypatch.setattr(memory.Telling, "tell", broken)
    (found,) = find(WEEKLY, *TOO_SOON)
    assert found.message == "rule XX-01 failed (LookupError: no words): nothing was checked."


def test_retired_rules_are_not_run():
    found, summary = judge(
        [replace(WEEKLY, status=Status.RETIRED), replace(WEEKLY, status=Status.SUPERSEDED)], *TOO_SOON
    )
    assert found == ()
    assert summary.rules == 0


def test_an_empty_schedule_has_no_findings():
    found, summary = judge(list(rules().values()))
    assert found == ()
    assert (summary.rules, summary.not_checkable) == (len(rules()), 0)


def test_the_summary_names_what_is_missing_once_each():
    found, summary = judge(
        [rules()["HB-02"], rules()["HB-04"], rules()["VC-06"], rules()["AS-09"]],
        "1-28 blinatumomab 28 mcg/day IV",
        "1 vincristine ? IV",
        "2 vincristine ? IV",
    )
    assert summary.rules == 4
    assert summary.not_checkable == 3
    assert summary.missing == ("anti-HBc", "dose", "HBsAg")
    assert str(summary) == "4 rules checked, 3 not checkable: anti-HBc (HB-04); dose (VC-06); HBsAg (HB-02)"
    assert sum(one.status is FindingStatus.CANNOT_CHECK for one in found) == 3


def test_findings_come_gravest_first_then_in_time():
    found = find(
        [rules()["VC-02"], rules()["VC-01"], rules()["BL-13"]],
        "30 vincristine 2 mg IT",
        "8 vincristine 2 mg IV block=a",
        "8 methotrexate 15 mg IT block=a",
        "1 blinatumomab 28 mcg/day IV block=b",
    )
    assert [one.rule for one in found] == ["VC-01", "VC-02", "BL-13"]


def test_checking_changes_nothing_and_gives_the_same_again():
    first = judge(list(rules().values()), *TOO_SOON, co_medications=["posaconazole 1-"])
    assert first == judge(list(rules().values()), *TOO_SOON, co_medications=["posaconazole 1-"])
    assert len(library().agents) > 100


def test_a_bag_is_no_dose_of_its_own():
    wanted = rule("dose_limit", agents=["blinatumomab"], unit="mcg", of="day", at_most=28)
    patient = example_patient()
    schedule = example_schedule(["1 blinatumomab 28 mcg/day IV"], patient)
    (dose,) = schedule.events
    bag = dose._replace(placed=replace(dose.placed, kind="bag"), sequence=1)
    assert check_module.check(Plan("p", patient), with_events(schedule, (dose, bag)), [wanted], {})[0] == ()
    more = dose._replace(placed=replace(dose.placed, kind="infusion"), sequence=1)
    assert len(check_module.check(Plan("p", patient), with_events(schedule, (dose, more)), [wanted], {})[0]) == 1


HISTORY = replace(WEEKLY, history=(parse_selector("class:anti-cd22"),))


@pytest.mark.parametrize(
    ("more", "prior", "speaks"),
    [
        ((), (), False),
        (("2 inotuzumab 0.5 mg/m2 IV",), (), True),
        (("5 inotuzumab 0.5 mg/m2 IV",), (), False),
        ((), ("inotuzumab 2 cycles",), True),
    ],
)
def test_a_rule_with_a_history_speaks_only_of_what_comes_after_it(more, prior, speaks):
    assert bool(find(HISTORY, *TOO_SOON, *more, prior=prior)) is speaks


def test_what_lacks_the_same_is_counted_and_not_written_out():
    kind = rule("patient_state", agents=["vincristine"], must="bilirubin < 3", scope="first dose of cycle")
    (found,) = find(
        kind, "1 vincristine 1.5 mg/m2 IV", "8 vincristine 1.5 mg/m2 IV cycle=2", "15 vincristine 1.5 mg/m2 IV cycle=3"
    )
    assert (found.count, found.missing) == (3, "bilirubin")
    assert dict(found.inputs)["also"] == "2 more of the same, until 15-Jan-2026"
    assert not any(name == "also 2" for name, _ in found.inputs)


def test_what_was_checked_lacks_nothing():
    (found,) = find(rule("dose_limit", agents=["vincristine"], unit="mg", at_most=1), "1 vincristine 2 mg IV")
    assert found.missing == ""


def test_a_rule_without_its_number_names_the_other_medicine_and_the_doses():
    one = rule("minimum_interval", site_setting=True, agents=["vincristine"], after=["voriconazole"])
    (found,) = find(
        one, *(f"{day} vincristine 2 mg IV" for day in (1, 8, 15, 22, 29)), co_medications=["voriconazole 2-7"]
    )
    assert found.message == (
        "Not checked: at least not set. No sourced number for every protocol exists; set the site's own. It is about "
        "Vincristine on "
        "01-Jan-2026, 08-Jan-2026, 15-Jan-2026, ... 29-Jan-2026 (5 days in all); "
        "voriconazole (from 02-Jan-2026 to 07-Jan-2026)."
    )
    (few,) = find(one, "1 vincristine 2 mg IV", "8 vincristine 2 mg IV", co_medications=["voriconazole 2-7"])
    assert "Vincristine on 01-Jan-2026, 08-Jan-2026; voriconazole" in few.message
    (plan_only,) = find(one, "1 vincristine 2 mg IV", "2 voriconazole 200 mg PO")
    assert plan_only.message.endswith("set the site's own.")


def test_a_known_medicine_that_no_rule_names_is_told_in_the_summary():
    azole = rule("interaction", agents=["vincristine"], others=["class:azole", "not fluconazole", "dapsone"])
    taken = ("antithrombin 1-", "voriconazole 1-", "Lovenox 1-", "nobody-knows-it 1-", "dapsone 1-")
    _, summary = judge(azole, "1 vincristine 2 mg IV", co_medications=taken)
    assert summary.unasked == ("Antithrombin", "Enoxaparin")
    assert str(summary).endswith("; no rule looks at Antithrombin, Enoxaparin")


def test_a_rule_out_of_force_looks_at_no_medicine():
    old = replace(rule("interaction", agents=["vincristine"], others=["dapsone"]), status=Status.RETIRED)
    assert judge(old, "1 vincristine 2 mg IV", co_medications=("dapsone 1-",))[1].unasked == ("Dapsone",)


def test_of_the_shipped_medicines_no_rule_names_these_few():
    known = [one for one in library().agents.values() if not {"cell-therapy"} & {*one.classes}]
    taken = tuple(f"{one.id} 1-" for one in known)
    _, summary = judge(list(rules().values()), "1 vincristine 2 mg IV", co_medications=taken)
    assert set(summary.unasked) == {"Antithrombin", "Micafungin"}
