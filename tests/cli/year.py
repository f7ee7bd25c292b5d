"""A plan on its way through a year by command line, one file a step."""

import csv
import io
from datetime import date, timedelta

from tests.exports.papers import page_texts

PH_NEGATIVE = {"markers": {"ph": "negative", "cd19": "positive", "cd20": "negative", "cd22": "positive", "cns": "CNS1"}}


class Year:
    """One plan on its way: each step writes the next file, and the last two can be compared."""

    def __init__(self, run, fine, folder):
        self.run, self.fine, self.folder = run, fine, folder
        self.steps = []

    @property
    def plan(self):
        return self.steps[-1]

    def begin(self, protocol, patient, start, *more):
        path = self.folder / "plan-0.json"
        self.fine("plan", "new", protocol, "--patient", patient, "--start", start, "--by", "Ph. One", "-o", path, *more)
        self.steps.append(path)

    def do(self, verb, *arguments, code=0):
        """One edit; what it says beside, on standard error, comes back."""
        path = self.folder / f"plan-{len(self.steps)}.json"
        ran = self.run("plan", verb, self.plan, *arguments, "--by", "Ph. One", "-o", path)
        assert ran.code == code, ran.error
        if code == 0:
            self.steps.append(path)
        return ran.error

    def show(self, today="2026-03-02"):
        return self.fine("plan", "show", self.plan, "--today", today, "--json").json

    def here(self, today):
        return self.show(today)["here"]

    def starts(self):
        return {block["id"]: block["start"] for block in self.show()["blocks"]}

    def rows(self, order_id):
        """(date, cycle day, dose, status) of one order."""
        return [
            (row["date"], int(row["cycle_day"]), row["dose"], row["status"])
            for row in csv.DictReader(io.StringIO(self.fine("schedule", self.plan).out))
            if row["order_id"] == order_id
        ]

    def diff(self, back=1):
        return self.fine("plan", "diff", self.steps[-1 - back], self.plan).out.splitlines()

    def counters(self):
        told = self.fine("plan", "counters", self.plan, "--json").json
        return {(one["id"], one["agent"]): one for one in told["counters"]}, told["intensities"]

    def printed(self, sheet):
        path = self.folder / f"{sheet}.pdf"
        self.fine("print", self.plan, "--sheet", sheet, "-o", path)
        return " ".join("".join(page_texts(path.read_bytes())).split())


def shifted(day, days):
    return (date.fromisoformat(day) + timedelta(days)).isoformat()
