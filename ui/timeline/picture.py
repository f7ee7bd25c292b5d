"""Everything one frame of the timeline is painted from."""

from collections.abc import Mapping

from msgspec import Struct

from ui.timeline.drag import BlockDrag
from ui.timeline.frame import Frame
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus
from ui.timeline.paint import Kit
from ui.timeline.scene import Scene


class Picture(Struct, frozen=True):
    """What is shown, how the area is divided, at which scale, what is chosen and pointed at, and a drag under way."""

    kit: Kit
    scene: Scene
    frame: Frame
    scale: DayScale
    focus: Focus
    today: int
    pointed: int | None
    drag: BlockDrag | None
    outlook: Mapping[int, str]
    """During a drag the worst severity, or "", of the days looked at so far, by days moved."""
    by_day_numbers: bool = False
