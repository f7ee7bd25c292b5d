"""The command line: a second user interface beside the window, for scripts and for machines without a screen.

Exit codes: 0 fine; 1 the plan has an open finding of severity contraindicated (`check`); 2 the input is wrong, one line
a problem on standard error; 3 the machine failed us (disk, permission).
"""

import argparse
import importlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from planner.cli.streams import tell
from planner.errors import EnvironmentProblem, InputProblem, KnownError
from planner.files import cause_of, told
from planner.model.store_words import CANNOT_USE
from planner.paths import settings_file
from planner.process import refuse_core_dumps
from planner.settings import SETTINGS_FILE, left_out

COMMANDS = {
    "demo": ("planner.cli.demo", "make the demo patient's plan with all its tables and sheets"),
    "protocols": ("planner.cli.protocols", "list, show and validate protocols"),
    "rules": ("planner.cli.rules", "list and show sequencing rules"),
    "agents": ("planner.cli.agents", "list and show drugs with their classes, strengths and sources"),
    "plan": ("planner.cli.plan", "make, change, show and compare plans"),
    "schedule": ("planner.cli.schedule", "write a plan's schedule as a table"),
    "export": ("planner.cli.export", "write a plan as table, workbook, calendar file or FHIR bundle"),
    "check": ("planner.cli.check", "check a plan against all rules"),
    "repair": ("planner.cli.repair", "move blocks to later days so that every hard interval is kept"),
    "fix": ("planner.cli.fix", "do one of the fixes that are offered for a finding"),
    "print": ("planner.cli.sheets", "print a sheet of a plan as PDF"),
    "calc": ("planner.cli.calc", "body surface, kidney function, carboplatin dose, body weights"),
    "store": ("planner.cli.store", "the saved plans of this user"),
}
"""Each command's module and its line of help. A module is imported only when its command is used."""
MADE_OF_A_PLAN = ("schedule", "export", "check", "print")
"""Commands whose output is no plan."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and takes no shortened options, which would break scripts later."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **options})  # type: ignore[arg-type]  # argparse types each option

    def parse_known_args(self, *arguments: Any, **options: Any) -> Any:
        """Refuses what is not known itself: the first parser of all would send the reader to its own help."""
        chosen, left = super().parse_known_args(*arguments, **options)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return chosen, left

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without arguments open the window."""
    refuse_core_dumps()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if not arguments:
            return _open_window()
        chosen = _parser(arguments[0]).parse_args([*_with_negative_days(arguments)])
        tell(f"{SETTINGS_FILE}: {slip}" for slip in left_out(settings_file()))
        _leave_the_plan(chosen)
        code: int = chosen.run(chosen)
        sys.stdout.flush()
    except KnownError as problem:
        tell(problem.lines)
        tell(_how_to(str(problem)))
        return problem.exit_code
    except BrokenPipeError:
        # Whoever read our output has enough; give Python another output so that it does not complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if not error.filename:
            raise
        tell((told(error.filename, CANNOT_USE, cause=cause_of(error)),))
        return EnvironmentProblem.exit_code
    except SystemExit as stop:
        # argparse ends a wrong call (2) and --help (0) like this.
        return stop.code if isinstance(stop.code, int) else 2
    return code


def _with_negative_days(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, days such as -6:-3 joined to their option: argparse takes them for an option of their own."""
    left = list(arguments)
    while left:
        one = left.pop(0)
        joins = one == "--days" and left and re.match(r"-\d+[:,]", left[0])
        yield f"{one}={left.pop(0)}" if joins else one


def _leave_the_plan(chosen: argparse.Namespace) -> None:
    """Refuse to write what is made of a plan file over that file: a sheet in its place is no plan any more."""
    made_of, target = getattr(chosen, "plan", ""), getattr(chosen, "output", "")
    writes = chosen.command in MADE_OF_A_PLAN and isinstance(made_of, str) and target not in ("", "-")
    if writes and os.path.realpath(made_of) == os.path.realpath(target):
        raise InputProblem((f"{target}: that is the plan itself; name another file",))


def _how_to(problem: str) -> tuple[str, ...]:
    """How the command line does what the sentence asks for."""
    from planner.model.store_words import HOW_BACK, PUT_BACK

    if "not a plan file of this program" in problem:
        return ("regimap plan new makes a plan of a patient file; see regimap plan new --help",)
    return (HOW_BACK,) if PUT_BACK in problem else ()


def _parser(command: str) -> Parser:
    """The whole parser, with the arguments of the one command that is asked for."""
    parser = Parser(
        prog="regimap", description="Plan one patient's whole treatment course. Without a command: the window."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name, (module, line) in COMMANDS.items():
        below = commands.add_parser(name, help=line, description=line)
        if name == command:
            importlib.import_module(module).add_arguments(below)
    return parser


def _open_window() -> int:
    # By name, because the two user interfaces stand side by side and neither knows the other's parts.
    try:
        window = importlib.import_module("ui.app")
    except ImportError as error:
        raise EnvironmentProblem(f"the window cannot be opened here ({error}); see regimap --help") from error
    code: int = window.main([])
    return code
