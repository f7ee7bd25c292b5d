"""Header and footer of every page, measured once for a sheet."""

from planner.exports.pdf.code import CODE_SIDE, code_modules
from planner.exports.pdf.text import BoxOp, Op, RuleOp, Typesetter
from planner.exports.sheets.sheet import Line, Sheet

GAP = 14.0
MARK_PAD = 5.0
LARGEST_MODULE = 1.6
"""Points of one module of the square code; at 200 dpi that is more than four dots, and never less than three."""
CODE_TOP = 4.0
PHONE = 130.0
"""Points to write a phone number on."""
SIGNED = 70.0
"""Points to sign on."""
MOST_PAGES = 9999
"""The footer is measured for so many pages, so that it grows on none of them."""


class FrameSetter:
    """The header as drawn things, and the footer for a page number. Long names take more lines, never fewer words."""

    def __init__(self, sheet: Sheet, setter: Typesetter, width: float) -> None:
        self._sheet = sheet
        self._setter = setter
        self._width = width
        setter.where = "page header and footer"
        self.head: list[Op] = []
        self.head_height = self._head()
        self._code = code_modules(sheet.frame.code)
        self._foot_room = width
        self._slot = (0.0, 0.0, 0.0)
        """Where the number of the page stands: x, y and, at the right edge, where it ends."""
        self.foot: list[Op] = []
        """What the footer shows on every page."""
        self.foot_height = self._foot()
        self._module = 0.0
        if self._code:
            self._fit_code()

    def _fit_code(self) -> None:
        """Give the square code the height of the footer, and the footer's texts the width beside it."""
        self._foot_room = self._width - CODE_SIDE * LARGEST_MODULE - GAP
        self.foot_height = self._foot()
        self._module = min(LARGEST_MODULE, (self.foot_height - CODE_TOP) / CODE_SIDE)

    def page(self, page: int, pages: int) -> list[Op]:
        """What the footer shows on this page alone, its number; the origin is the footer's upper left corner."""
        line = self._numbered(page, pages)
        x, y, right = self._slot
        wide = self._natural(line)
        return self._setter.place([line], wide + 0.5, right - wide if right else x, y)[1]

    def code(self) -> list[BoxOp]:
        """The square code as drawn things, the same on each page; the origin is that of the footer."""
        side = self._module
        left = self._width - CODE_SIDE * side
        return [
            BoxOp(left + x * side, CODE_TOP + y * side, wide * side, side, 0.0, fill=0.0) for x, y, wide in self._code
        ]

    def _head(self) -> float:
        frame = self._sheet.frame
        marks_left = self._marks(frame.marks)
        room = marks_left - GAP
        setter = self._setter
        setter.where = "patient's name, birth date and id"
        y = self._who(room)
        setter.where = "page header and footer"
        room, below = self._width, y
        if frame.phone:
            y += 5
            left, below = self._phone(frame.phone, y)
            room = left - GAP
        y = self._what(y, room, below)
        if frame.notice:
            y, ops = setter.place(
                [Line(frame.notice, "strong")], self._width, 0, max(y, below + 4) if frame.phone else y
            )
            self.head += ops
        y += 5 if frame.phone else 2
        self.head.append(RuleOp(0, y, self._width, y, 1.0))
        return y + 5

    def _who(self, room: float) -> float:
        """Name and identity on one line where both fit, else one under the other; the y below."""
        frame, setter = self._sheet.frame, self._setter
        large, small = setter.styles["heading"], setter.styles["body"]
        named = large.face.width(setter.clean(frame.patient), large.size)
        beside = named + GAP + small.face.width(setter.clean(frame.identity), small.size) <= room
        y, ops = setter.place([Line(frame.patient, "heading")], room)
        self.head += ops
        if beside:
            lower = (large.leading - small.leading) * 0.78
            _, ops = setter.place([Line(frame.identity)], room - named - GAP, named + GAP, lower)
        else:
            y, ops = setter.place([Line(frame.identity)], room, 0, y)
        self.head += ops
        return y + 1

    def _what(self, y: float, room: float, below: float) -> float:
        """Title and protocols on one line where both fit, else the protocols under it over the whole width.

        A title that has no room beside the phone number stands `below` it.
        """
        frame, setter = self._sheet.frame, self._setter
        style = setter.styles["strong"]
        taken = style.face.width(setter.clean(frame.title), style.size)
        if frame.phone and taken > room:
            y, room = below + 7, self._width
        beside = taken + GAP + self._natural(Line(frame.protocols)) <= room
        bottom, ops = setter.place([Line(frame.title, "strong")], room, 0, y)
        self.head += ops
        if beside:
            _, ops = setter.place([Line(frame.protocols)], room - taken - GAP, taken + GAP, y)
        else:
            top = max(bottom + 3, below + 4) if frame.phone else bottom  # the frame of the number ran through it
            bottom, ops = setter.place([Line(frame.protocols)], self._width, 0, top)
        self.head += ops
        return bottom

    def _marks(self, marks: tuple[str, ...]) -> float:
        """DEMO and DRAFT in frames at the right edge; the x where they begin."""
        style = self._setter.styles["heading"]
        left = self._width
        for word in reversed(marks):
            wide = style.face.width(word, style.size)
            left -= wide + 2 * MARK_PAD
            _, ops = self._setter.place([Line(word, "heading")], wide + 1, left + MARK_PAD, 0)
            self.head += [*ops, BoxOp(left, 0.5, wide + 2 * MARK_PAD - 1, style.leading, 1.4)]
            left -= MARK_PAD
        return left

    def _phone(self, line: Line, y: float) -> tuple[float, float]:
        """The phone number in a frame at the right edge of the second line; the x where it begins, the y below it.

        One to write in needs its line in the frame: below, in large print, it was drawn through the title.
        """
        wanted = self._natural(line) + (PHONE if line.blank else 4)
        wide = min(wanted, self._width - 2 * MARK_PAD if line.blank else self._width * 0.55)
        left = self._width - wide - 2 * MARK_PAD
        bottom, ops = self._setter.place([line], wide, left + MARK_PAD, y)
        self.head += [*ops, BoxOp(left, y - 3, wide + 2 * MARK_PAD - 0.5, bottom - y + 5, 1.0)]
        return left, bottom

    def _foot(self) -> float:
        """Lay out the footer, leaving room for the number of the page; its height."""
        y = 5.0
        self.foot = [RuleOp(0, y, self._foot_room, y, 0.5)]
        y += 3
        first, *others = self._sheet.frame.footer
        y = self._foot_row([*first, self._numbered(MOST_PAGES, MOST_PAGES)], y, numbered=True)
        for lines in others:
            y = self._foot_row(list(lines), y)
        return y

    def _numbered(self, page: int, pages: int) -> Line:
        return Line(self._sheet.frame.page.format(page=page, pages=pages), "strong")

    def _foot_row(self, lines: list[Line], y: float, *, numbered: bool = False) -> float:
        """Texts take the width they need, the last one of two at the right edge; rules to write on share the rest.

        The last of a `numbered` row is only measured: the number of the page.
        """
        widths = [self._natural(line) for line in lines]
        signed = SIGNED * sum(line.blank for line in lines)
        if len(lines) > 1 and sum(widths) + signed + GAP * (len(lines) - 1) > self._foot_room:
            return self._foot_row(lines[1:], self._foot_row(lines[:1], y), numbered=numbered)
        open_lines = [number for number, line in enumerate(lines) if line.blank]
        room = self._foot_room - sum(widths) - GAP * (len(lines) - 1)
        x, bottom = 0.0, y
        for number, line in enumerate(lines):
            wide = widths[number] + (room / len(open_lines) if line.blank else 0)
            last = number == len(lines) - 1
            at_the_edge = last and not open_lines and len(lines) > 1
            if at_the_edge:
                x = self._foot_room - wide
            end, drawn = self._setter.place([line], min(max(wide, 1.0), self._foot_room - x) + 0.5, x, y)
            if last and numbered:
                self._slot = (x, y, self._foot_room if at_the_edge else 0.0)
            else:
                self.foot += drawn
            bottom = max(bottom, end)
            x += wide + GAP
        return bottom

    def _natural(self, line: Line) -> float:
        style = self._setter.styles[line.style]
        return style.face.width(self._setter.clean(line.text), style.size)
