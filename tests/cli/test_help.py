"""What `--help` says: every argument of every command that makes or changes a plan has words of its own."""

import argparse
from collections.abc import Iterator

from planner.cli import plan


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    parser = argparse.ArgumentParser()
    plan.add_arguments(parser)
    (edits,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    yield from edits.choices.items()


def test_every_argument_of_a_plan_command_is_explained() -> None:
    bare = [
        f"{name} {one.dest}"
        for name, command in _commands()
        for one in command._actions
        if not one.help and one.help is not argparse.SUPPRESS
    ]
    assert bare == []
    assert len([*_commands()]) > 35
