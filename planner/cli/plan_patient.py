"""Edits of what is known of the patient: height and weight, results, markers, other medicines."""

import argparse
import re
from decimal import Decimal
from typing import Any

from planner.cli.plan_access import a_date, site_of, today
from planner.cli.plan_edit import Desk, carry_out, new_edit, offer_reason, open_desk, reason_of, say
from planner.errors import InputProblem
from planner.model.civil import clinical_date
from planner.model.patient import CoMedication, LabResult, Measurement
from planner.model.plan import Plan
from planner.model.quantity import format_number, plain
from planner.model.results import RESULTS
from planner.services.evaluation import evaluate
from planner.services.telling.dose_moves import dose_moves, move_lines, moves_to_ask, small_moves
from planner.services.telling.weights import goes_on_by, in_place_of
from planner.services.verbs import recording, reported
from planner.services.verbs.bodies import body_doubt
from planner.services.verbs.reasons import because

FROM = "has to be said where a dose moves by 10 %% (5 %% in children) or more"
DOSES_HELP = f"compute doses anew, or keep them; {FROM}"
ASK_DOSES = "say --doses follow to compute these doses anew, or --doses stay to keep them as they are"
ASK_FOLLOW = "say --doses follow to compute these doses anew"
ASK_RESULT = "say --sure to record it so"


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    measure = new_edit(edits, "measure", "record height and weight; doses of later cycles follow or stay", _measure)
    measure.add_argument("--on", type=a_date, default=None, metavar="DATE", help="default today")
    measure.add_argument("--height", required=True, type=_decimal, metavar="CM", help="height in centimetres")
    measure.add_argument("--weight", required=True, type=_decimal, metavar="KG", help="weight in kilograms")
    measure.add_argument("--sure", action="store_true", help="record a height or weight that is unlikely")
    measure.add_argument("--doses", choices=["follow", "stay"], default="", help=DOSES_HELP)
    offer_reason(measure)
    result = new_edit(edits, "result", "record a laboratory result or the grade of an event, or take one away", _result)
    result.add_argument("code", metavar="CODE", help=f"one of {', '.join(sorted(RESULTS))}")
    what = result.add_mutually_exclusive_group(required=True)
    what.add_argument("--value", metavar="NUMBER", help="the number, or the grade of an event")
    what.add_argument("--remove", action="store_true", help="take the result of that day away")
    result.add_argument("--unit", default="", help="may be left out where the result has only one")
    result.add_argument("--on", type=a_date, default=None, metavar="DATE", help="default today")
    result.add_argument("--doses", choices=["follow"], default="", help=f"compute doses anew; {FROM}")
    result.add_argument("--sure", action="store_true", help="record what is unlikely, or what no rule asks for")
    offer_reason(result)
    marker = new_edit(edits, "marker", "record a marker, or take it away where nothing stands behind =", _marker)
    marker.add_argument("marker", metavar="NAME=VALUE", help='such as "cd20=positive"; "cd20=" takes it away')
    marker.add_argument("--doses", choices=["follow"], default="", help=f"compute doses anew; {FROM}")
    offer_reason(marker)
    allergy = new_edit(edits, "allergy", "write an allergy down, or that none is known; or take one away", _allergy)
    allergy.add_argument(
        "words", metavar="WORDS", help='as it was told, such as "rash after penicillin"; or "none known"'
    )
    allergy.add_argument("--remove", action="store_true", help="take the allergy of these words away")
    offer_reason(allergy)
    medicine = new_edit(edits, "medicine", "record another medicine as a span of days", _medicine)
    medicine.add_argument("agent", metavar="AGENT", help="the id of the medicine, such as posaconazole")
    medicine.add_argument("--start", required=True, type=a_date, metavar="DATE", help="the first day it is taken")
    medicine.add_argument("--end", default=None, type=a_date, metavar="DATE", help="the last day; default none yet")
    offer_reason(medicine)


def _measure(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    found = Measurement(chosen.on or today(), chosen.height, chosen.weight, chosen.doses != "stay")
    changed = recording.measure(desk.plan, found, today())
    if (doubt := body_doubt(desk.plan.patient, found)) and not (chosen.sure or chosen.preview):
        raise InputProblem((doubt, ASK_RESULT))
    say(tuple(filter(None, (doubt, in_place_of(desk.plan.patient, found)))))
    words = f"{format_number(found.weight_kg)} kg, {format_number(found.height_cm)} cm on {clinical_date(found.date)}"
    stay = "" if found.for_doses else ", doses stay"
    left = tuple(goes_on_by(desk.known.schedule, changed.patient, found))
    return _with_doses(chosen, desk, changed, f"Measure {words}{stay}", ASK_DOSES, left)


def _result(chosen: argparse.Namespace) -> int:
    desk, on = open_desk(chosen), chosen.on or today()
    if chosen.remove:
        changed = reported.forget_result(desk.plan, chosen.code, on)
        return _with_doses(chosen, desk, changed, f"Take {chosen.code} of {clinical_date(on)} away", ASK_FOLLOW)
    result = LabResult(on, chosen.code, _number(chosen.value), chosen.unit)
    changed = reported.report(desk.plan, result, today())
    if (doubt := reported.doubtful_result(desk.plan.patient, result)) and not (chosen.sure or chosen.preview):
        raise InputProblem((doubt, ASK_RESULT))
    say(tuple(filter(None, (doubt, reported.newer_words(desk.plan.patient, result)))))
    words = f"{chosen.code} {plain(result.value)} {result.unit}".strip()
    return _with_doses(chosen, desk, changed, f"Result {words} on {clinical_date(on)}", ASK_FOLLOW)


def _allergy(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    change = reported.forget_allergy if chosen.remove else reported.note_allergy
    changed = because(desk.plan, change(desk.plan, chosen.words), reason_of(chosen))
    what = f"Take the allergy {chosen.words} away" if chosen.remove else f"Allergy: {chosen.words}"
    return carry_out(chosen, desk, changed, what)


def _marker(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    name, equals, value = (part.strip() for part in chosen.marker.partition("="))
    if not (name and equals):
        raise InputProblem((f'{chosen.marker}: write NAME=VALUE, for example "cd20=positive"; "cd20=" takes it away',))
    changed = reported.mark(desk.plan, name, value)
    say(tuple(filter(None, [reported.unknown_marker(name)])))
    return _with_doses(chosen, desk, changed, f"Marker {name}: {value or 'unknown'}", ASK_FOLLOW)


def _medicine(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    changed = recording.take_medicine(desk.plan, CoMedication(chosen.agent, chosen.start, chosen.end))
    unknown = reported.unknown_medicine(chosen.agent, desk.library.agents)
    say(tuple(filter(None, [unknown, reported.begins_behind(desk.known.schedule, chosen.agent, chosen.start)])))
    changed = because(desk.plan, changed, reason_of(chosen))
    return carry_out(chosen, desk, changed, f"Medicine {chosen.agent} from {clinical_date(chosen.start)}")


def _with_doses(
    chosen: argparse.Namespace, desk: Desk, changed: Plan, what: str, ask: str, left: tuple[str, ...] = ()
) -> int:
    """Carry out what may change doses: those that move much are asked about first, and all are told; `left` are not."""
    changed = because(desk.plan, changed, reason_of(chosen))
    after = evaluate(changed, desk.library, site_of(changed)).schedule
    moves = dose_moves(desk.known.schedule, after)
    asked = moves_to_ask(moves, desk.plan.patient, chosen.on if "on" in chosen and chosen.on else today())
    if asked and not (chosen.doses or chosen.preview):
        raise InputProblem((*move_lines(asked), ask))
    say((*move_lines(moves), *small_moves(desk.known.schedule, after, moves), *left))
    return carry_out(chosen, desk, changed, what)


def _number(text: str) -> Decimal:
    """A number as people report it; InputProblem for anything else, and for one that can be read in two ways."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII):
        raise InputProblem((f"--value {text}: write a number such as 0.8 or 12000",))
    if re.fullmatch(r"[1-9]\d{0,2}\.\d\d0", text):
        raise InputProblem((f'--value: "{text}" can be read in two ways; write no zero at the end behind the point',))
    return Decimal(text)


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number; write for example 70.4')
    return Decimal(text)
