"""The header of every page: nothing of it is drawn over anything else."""

from msgspec.structs import replace

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.frame import FrameSetter
from planner.exports.pdf.text import BoxOp, TextOp, Typesetter
from planner.exports.sheets.sheet import Line
from tests.exports.papers import course, make


def test_the_frame_of_the_phone_number_runs_through_no_text() -> None:
    """With five protocols their line began below the title, and the lower edge of the frame ran through it."""
    sheet = make(course(), "calendar")
    blank = Line("Write in: 24-hour phone number", "strong", blank=True)
    for count in range(1, 9):
        names = "Protocol " + ", ".join(["inotuzumab-rr version 1 (draft)"] * count)
        sheet = replace(sheet, frame=replace(sheet.frame, protocols=names, phone=blank))
        head = FrameSetter(sheet, Typesetter("patient", load_faces()), 770).head
        boxes = [op for op in head if isinstance(op, BoxOp)]
        phone = max(boxes, key=lambda one: one.y)
        (told,) = (op for op in head if isinstance(op, TextOp) and op.block.lines[0][1].startswith("Protocol"))
        beside = told.x + max(style.face.width(text, style.size) for style, text, _ in told.block.lines) <= phone.x
        assert beside or told.y >= phone.y + phone.height
