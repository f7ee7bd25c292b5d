"""A process to be killed: saves revision after revision and says so on its output as soon as each is kept."""

import sys
from pathlib import Path

from planner.storage.repository import Repository
from tests.storage.plans import AT, later, small_plan


def main():
    path, plan_id, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    store = Repository(path)
    print("open", flush=True)
    for _ in range(count):
        last = len(store.history(plan_id))
        saved = store.append(later(small_plan(plan_id), last + 1), f"Edit {last + 1}", "writer", AT, after=last)
        print(saved.counter, flush=True)
    store.close()


if __name__ == "__main__":
    main()
