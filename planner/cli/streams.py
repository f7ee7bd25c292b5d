"""Where output goes: a file, written whole, or standard output for "-"."""

import sys
from collections.abc import Iterable
from pathlib import Path

from planner.errors import EnvironmentProblem
from planner.files import write_output


def tell(lines: Iterable[str]) -> None:
    """Lines for the person at the keyboard, on standard error."""
    sys.stderr.write("".join(f"regimap: {line}\n" for line in lines))


def write_text(target: str, text: str) -> None:
    """Text as UTF-8, with line ends as they are."""
    write_bytes(target, text.encode())


def write_bytes(target: str, content: bytes) -> None:
    """Bytes to the file of that name, or to standard output for "-" or nothing."""
    if target not in ("", "-"):
        write_output(Path(target), content)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise EnvironmentProblem(f"standard output: cannot be written ({error.strerror})") from error
