"""What the process promises for itself: where it crashes, its memory is not left on the disk."""

import sys
from contextlib import suppress


def refuse_core_dumps() -> None:
    """No core file of this process (promises.md S4). Where the system knows no such limit, nothing happens.

    On Linux the limit is one byte: that also stops the dump that is handed to a program, which a limit of nothing
    does not (core(5), and fs/coredump.c of the kernel).
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        limit = 1 if sys.platform == "linux" and hard != 0 else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, hard))
