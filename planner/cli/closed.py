"""Options that tell on which days the clinic is closed."""

import argparse
from datetime import date

from planner.cli.plan_access import a_date
from planner.cli.plan_edit import weekdays
from planner.model.schedule import Schedule
from planner.services.closed_days import Closed, public_holidays


def add_closed(parser: argparse.ArgumentParser) -> None:
    """Weekdays, single days, and the public holidays of a country."""
    parser.add_argument("--weekdays", type=weekdays, default=(), metavar="DAY[,DAY]", help="closed weekdays: Sat,Sun")
    add_closed_days(parser)


def add_closed_days(parser: argparse.ArgumentParser) -> None:
    """Single days, and the public holidays of a country."""
    parser.add_argument("--closed", type=a_date, action="append", default=[], metavar="DATE", help="a closed day")
    parser.add_argument(
        "--country", default="", metavar="CODE", help="its public holidays, such as DE (optional library)"
    )
    parser.add_argument("--subdivision", default="", metavar="CODE", help="a part of the country, such as BY")


def closed_of(chosen: argparse.Namespace, schedule: Schedule) -> Closed:
    """The closed days as they were told, holidays for the years of the plan and the one after."""
    return Closed(frozenset(chosen.weekdays), closed_days_of(chosen, schedule))


def closed_days_of(chosen: argparse.Namespace, schedule: Schedule) -> frozenset[date]:
    """The single days and holidays of them."""
    days = set(chosen.closed)
    if chosen.country:
        years = {event.date.year for event in schedule.events}
        days |= public_holidays(chosen.country, chosen.subdivision, sorted(years | {max(years) + 1}) if years else ())
    return frozenset(days)
