"""What is said where a drug goes on after a pause: which of its doses are left out, and whether any comes at all."""

from datetime import date, timedelta

from planner.model.civil import clinical_date
from planner.model.plan import Hold
from planner.services.evaluation import evaluate
from planner.services.telling.preview import preview, preview_lines
from planner.services.verbs.pausing import hold, resume
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled


def test_the_only_dose_of_an_order_that_goes_on_behind_its_day_is_told_to_be_left_out_for_good() -> None:
    plan = plan_of("mini-hyper-cvd-inotuzumab", version="fractionated")
    place, drug = "odd", "inotuzumab-course-1-day-8"
    due = next(one for one in events(plan, place) if one.placed.order.id == drug)
    paused = hold(plan, scheduled(plan), Hold(place, 1, 8, "toxicity", order=drug))
    done = resume(paused, scheduled(paused), AGENTS, (place, drug), due.date + timedelta(9))
    after = clinical_date(due.day + 9)
    name = "Inotuzumab ozogamicin"
    assert done.words == (
        f"no dose of {name} is planned from {after} on: where it is to be given, order it on its day",
        f"left out for good: the dose of {clinical_date(due.day)}",
    )
    lines = preview_lines(preview(evaluate(paused, library()), evaluate(done.plan, library())))
    assert f"status: {name} C1 D8 ({place}/1/{drug}) held -> omitted" in lines


def test_a_drug_that_goes_on_says_how_many_of_its_doses_are_left_out() -> None:
    plan = plan_of("d-alba")
    paused = hold(plan, scheduled(plan), Hold("induction", 1, 10, "toxicity", order="dasatinib-to-day-85"))
    start = next(one.day for one in events(plan, "induction", "dasatinib") if one.cycle_day == 10) - 9
    at = "induction", "dasatinib-to-day-85"
    again = resume(paused, scheduled(paused), AGENTS, at, date.fromordinal(start + 13)).words
    first, last = clinical_date(start + 9), clinical_date(start + 12)
    assert again == (
        f"Dasatinib again from {clinical_date(start + 13)}",
        f"left out for good: the 4 doses from {first} to {last}",
    )
    same = resume(paused, scheduled(paused), AGENTS, at, date.fromordinal(start + 9)).words
    assert same == (f"Dasatinib again from {first}",)
