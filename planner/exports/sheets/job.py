"""What is to be printed besides the plan itself: for whom, which copy, and what is told around the plan."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from planner.model.agent import Strength
from planner.model.counter import Totals
from planner.model.difference import Difference
from planner.model.language import Words
from planner.model.release import Release
from planner.model.site import Site
from planner.model.wish import WHOLE_PLAN, Wish


class Stamp(Struct, frozen=True):
    """Which copy this is: of which version of the plan, of which sheet; `printed_at` is local.

    The version is a short code of the plan's content, without patient data. Signatures that do not hold for this
    version print as lines to sign on. `outdated` is a version that the plan has gone on from since, issued or not.
    `beside` are the ids of other plans of the patient, of which nothing stands on the sheet.
    """

    release: Release
    sheet: str
    printed_at: datetime
    outdated: bool = False
    beside: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return self.release.version


class Job(Struct, frozen=True):
    """Everything a sheet is made from besides the evaluated plan. `words` are those of the patient's language.

    `changes` are what differs from the issue before, told on reissue; `totals` what the course adds up to. `vials` are
    the vials from which bags are filled, by agent, where an agent has one size only.
    `decided` are the changes of treatment in the plan, a sentence each.
    """

    site: Site
    stamp: Stamp
    words: Words
    wish: Wish = WHOLE_PLAN
    totals: Totals | None = None
    changes: tuple[Difference, ...] = ()
    vials: Mapping[str, Strength] = field(default_factory=dict)
    decided: tuple[str, ...] = ()
