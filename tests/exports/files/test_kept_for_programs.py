"""Rescue that a pause must not end is not taken out of the calendars and systems of others either."""

import json
from datetime import UTC, datetime

from planner.exports.files.calendar_file import schedule_ics
from planner.exports.files.fhir_writer import schedule_fhir
from planner.exports.files.table_writer import schedule_rows
from planner.model.plan import Hold, Scope, Stop
from planner.services.verbs import pausing
from tests.exports.sheets.test_after_edits import doses_of, placed, recorded, seen

NOT_OUT = "NOT to be left out, ask now"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_leucovorin_after_methotrexate_that_was_given_is_neither_cancelled_nor_stopped() -> None:
    plan = placed("hyper-cvad")
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    for day, begun in ((2, True), (1, False)):  # before it is given, a pause takes its rescue along
        for pause in (Stop("part-b", 2, day, Scope.FOLLOWING, "toxicity"), Hold("part-b", 2, day, "toxicity")):
            before = recorded(plan, given[:1] if begun else [])
            act = pausing.stop if isinstance(pause, Stop) else pausing.hold
            known = seen(act(before, seen(before).schedule, pause))
            rescue = [
                one for one in known.schedule.events if one.placed.agent == "leucovorin" and one.placed.cycle == 2
            ]
            entries = schedule_ics(known, "v", NOW).replace("\r\n ", "").split("BEGIN:VEVENT")
            found = [one for one in entries if "SUMMARY:Leucovorin" in one and "Part B 2" in one]
            assert found
            assert {"CANCELLED" in one for one in found} == {not begun}
            assert {NOT_OUT.partition(",")[0] in one for one in found} == {begun}
            notes = [
                str(row["note"]) for row in schedule_rows(known) if row["agent"] == "leucovorin" and row["cycle"] == 2
            ]
            assert len(notes) == len(rescue)
            assert {NOT_OUT in one for one in notes} == {begun}
            orders = [one["resource"] for one in json.loads(schedule_fhir(known, "v"))["entry"]]
            days = {one.date.isoformat() for one in rescue}
            told = [
                one
                for one in orders
                if one["resourceType"] == "MedicationRequest"
                and "eucovorin" in json.dumps(one)
                and any(day in json.dumps(one) for day in days)
            ]
            assert {one["status"] in ("stopped", "on-hold") for one in told} == {not begun}
