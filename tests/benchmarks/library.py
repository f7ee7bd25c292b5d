"""How long a process that has just begun takes until the whole library is there, all imports included.

    python -m tests.benchmarks.library CACHE      CACHE is a folder that may hold what an earlier process kept

Prints milliseconds as a JSON list of one number. It calls what the window calls once its first plan is painted.
"""

import json
import sys
import time


def main() -> None:
    """Load everything shipped, and tell how long it took; the imports stand here because they are timed."""
    began = time.perf_counter()
    from pathlib import Path

    from planner.paths import resources
    from planner.services.catalogue import load_library

    library = load_library(resources(), None, Path(sys.argv[1]))
    took = (time.perf_counter() - began) * 1e3
    assert library.rules
    assert library.protocols
    print(json.dumps([took]))


if __name__ == "__main__":
    main()
