"""`regimap calc`: bedside formulas with the arithmetic shown."""

import argparse
import json

from planner.cli.streams import write_text
from planner.errors import InputProblem
from planner.model.calculation import Calculation
from planner.model.quantity import plain
from planner.paths import resources
from planner.services.calculators import anthracyclines, calculate
from planner.services.catalogue import load_for_plans

_INPUTS = {
    "height": ("--height", "height in cm"),
    "weight": ("--weight", "body weight in kg"),
    "age": ("--age", "age in completed years"),
    "sex": ("--sex", "female or male"),
    "creatinine": ("--creatinine", "serum creatinine"),
    "unit": ("--unit", "unit of the creatinine: mg/dL (the default) or umol/L"),
    "formula": ("--formula", "mosteller (the default), dubois, haycock, gehan-george, boyd or all"),
    "auc": ("--auc", "target AUC in mg/mL × min"),
    "gfr": ("--gfr", "clearance in mL/min"),
}
_KINDS = {
    "bsa": ("body surface area", ("height", "weight", "formula")),
    "crcl": (
        "Cockcroft-Gault clearance, adults; with the height by the adjusted weight in obesity",
        ("age", "sex", "height", "weight", "creatinine", "unit"),
    ),
    "gfr": (
        "CKD-EPI 2021, below 18 years bedside Schwartz; with height and weight also without index",
        ("age", "sex", "height", "weight", "creatinine", "unit"),
    ),
    "calvert": (
        "carboplatin dose from --gfr, or from age, sex, weight and creatinine",
        ("auc", "gfr", "age", "sex", "height", "weight", "creatinine", "unit"),
    ),
    "ibw": ("ideal body weight; with the actual weight also adjusted", ("height", "sex", "weight")),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command a calculator."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="CALCULATOR")
    for kind, (line, inputs) in _KINDS.items():
        below = kinds.add_parser(kind, help=line, description=line)
        for name in inputs:
            option, words = _INPUTS[name]
            below.add_argument(option, default="", help=words)
        below.add_argument("--json", action="store_true", help="as JSON")
        below.set_defaults(run=_run)
    _add_anthracycline(kinds)


def _add_anthracycline(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    line = "sum of anthracyclines as doxorubicin, by the factors of one scheme or of all"
    below = kinds.add_parser("anthracycline", help=line, description=line)
    below.add_argument("doses", nargs="+", metavar="AGENT=MG_PER_M2", help="such as daunorubicin=180")
    below.add_argument("--scheme", default="all", help="cog, feijen-2019 or all (the default)")
    below.add_argument("--json", action="store_true", help="as JSON")
    below.set_defaults(run=_sum)


def _sum(chosen: argparse.Namespace) -> int:
    pairs = [dose.partition("=") for dose in chosen.doses]
    doses = {agent: amount for agent, _, amount in pairs}
    if len(doses) < len(pairs):
        raise InputProblem(("calc anthracycline: give each agent once",))
    _write(anthracyclines(doses, chosen.scheme, load_for_plans(resources()).agents), chosen.json)
    return 0


def _run(chosen: argparse.Namespace) -> int:
    typed = {name: getattr(chosen, name) for name in _KINDS[chosen.kind][1]}
    _write(calculate(chosen.kind, typed), chosen.json)
    return 0


def _write(results: tuple[Calculation, ...], json_wanted: bool) -> None:
    if json_wanted:
        write_text("-", json.dumps([_as_json(result) for result in results], indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "".join(_as_text(result) for result in results))


def _as_json(result: Calculation) -> dict[str, object]:
    return {
        "value": plain(result.value),
        "unit": result.unit,
        "formula": result.formula,
        "source": result.source,
        "notes": list(result.notes),
    }


def _as_text(result: Calculation) -> str:
    lines = [f"{result.value} {result.unit}", f"  {result.formula}", f"  {result.source}"]
    return "".join(f"{line}\n" for line in [*lines, *(f"  {note}" for note in result.notes)])
