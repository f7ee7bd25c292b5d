"""Why a block has no dates: told as its protocol and the changes say, never as a decision nobody took."""

from planner.model.plan import BlockStart, Plan, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.telling.absent import absent_blocks
from planner.services.verbs import pausing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.golden.cases import PATIENTS, START, library


def placed(protocol: str) -> Plan:
    return add_protocol(new_plan("p", PATIENTS["adult"]), library().protocols[protocol], BlockStart(on=START))


def test_what_a_version_or_a_decision_leaves_out_names_the_answer_it_waits_for() -> None:
    found = absent_blocks(evaluate(placed("mini-hyper-cvd-inotuzumab"), library()))
    assert found["odd-first-version"] == (
        'left out; on the plan if "Version of the protocol" is "First version: single inotuzumab on day 3, 8 courses"'
    )
    assert list(absent_blocks(evaluate(placed("d-alba"), library()))) == [
        "what-comes-next",
        "what-comes-next-2",
        "blinatumomab-further",
        "what-comes-next-3",
        "tki-after-further",
    ]


def test_what_a_stop_closed_up_says_so() -> None:
    plan = placed("hyper-cvad")
    shown = evaluate(plan, library())
    assert "part-b" not in absent_blocks(shown)
    first = next(block for block in shown.schedule.blocks if block.id == "part-b")
    day = first.phase.first_day
    stopped = pausing.stop(
        plan, shown.schedule, Stop(first.id, first.cycles[0].number, day, Scope.FOLLOWING, "other", closes=True)
    )
    assert absent_blocks(evaluate(stopped, library()))["part-b"] == "closed up by a stop or by skipped cycles"
