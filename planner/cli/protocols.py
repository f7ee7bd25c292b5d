"""`regimap protocols`: what can be planned with, and whether a site's own files are right."""

import argparse
import json
from pathlib import Path

from planner.cli.plan_access import full_library
from planner.cli.protocol_words import protocol_lines
from planner.cli.streams import tell, write_text
from planner.cli.values import as_json
from planner.errors import InputProblem
from planner.model.library import ShelvedProtocol
from planner.paths import resources, user_cache
from planner.services.catalogue import (
    evidence_summary,
    load_library,
    problems_of_file,
    remarks_on_file,
    search,
    shelved,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list, show, validate."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all protocols, or those that hold the words")
    listing.add_argument("words", nargs="*", help="words of title, disease or agents; accents do not matter")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="one protocol with its phases, orders and sources")
    show.add_argument("protocol", metavar="ID")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)
    add_validate(actions)


def add_validate(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The same check of a site's own files, whichever command it is looked for under."""
    validate = actions.add_parser("validate", help="every problem of protocol, rule or agent files of your own")
    validate.add_argument("files", nargs="+", metavar="FILE")
    validate.set_defaults(run=_validate)


def _list(chosen: argparse.Namespace) -> int:
    library = full_library()
    found = search(library, " ".join(chosen.words))
    if chosen.json:
        write_text("-", json.dumps([_summary(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    else:
        lines = [f"{one.protocol.id}: {_line(one)}\n" for one in found]
        write_text("-", "".join(lines) or "no protocol holds these words\n")
    tell(f"hidden: {problem}" for problem in library.problems)
    return 0


def _summary(one: ShelvedProtocol) -> dict[str, object]:
    protocol = one.protocol
    return {
        "id": protocol.id,
        "title": protocol.title,
        "version": protocol.version,
        "status": str(protocol.status),
        "disease": protocol.disease,
        "marks": list(protocol.marks),
        "evidence": evidence_summary(protocol),
        "origin": one.origin,
    }


def _line(one: ShelvedProtocol) -> str:
    protocol = one.protocol
    version = f"version {protocol.version}, {protocol.status}"
    marks = (", ".join(protocol.marks),) if protocol.marks else ()
    return "; ".join([protocol.title, version, *marks, protocol.disease, evidence_summary(protocol)])


def _show(chosen: argparse.Namespace) -> int:
    library = full_library()
    one = shelved(library, chosen.protocol)
    if chosen.json:
        write_text("-", json.dumps(as_json(one.protocol), indent=2, ensure_ascii=False) + "\n")
    else:
        write_text("-", "\n".join(protocol_lines(one.protocol, library.agents)) + "\n")
    return 0


def _validate(chosen: argparse.Namespace) -> int:
    library, shipped = full_library(), load_library(resources(), None, user_cache())
    problems: list[str] = []
    for path in map(Path, chosen.files):
        beside = None if path.resolve().is_relative_to(resources().resolve()) else shipped
        problems += map(str, problems_of_file(path, library, beside))
    if problems:
        raise InputProblem(tuple(problems))
    tell(f"to consider: {remark}" for name in chosen.files for remark in remarks_on_file(Path(name), library))
    write_text("-", "".join(f"{name}: no problem found\n" for name in chosen.files))
    return 0
