"""A reader of square codes that shares nothing with the writer: modules from the pixels of a page, then ISO/IEC 18004.

It knows version 1 at level M and the alphanumeric mode, which is what sheets carry, and corrects nothing: a code that
reads here has not one wrong module.
"""

import pypdfium2

SIDE = 21
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
FINDER = (0b1111111, 0b1000001, 0b1011101, 0b1011101, 0b1011101, 0b1000001, 0b1111111)
FORMATS = {  # ISO/IEC 18004 table C.1: level M, masks 0 to 7
    0b101010000010010: 0, 0b101000100100101: 1, 0b101111001111100: 2, 0b101101101001011: 3,
    0b100010111111001: 4, 0b100000011001110: 5, 0b100111110010111: 6, 0b100101010100000: 7,
}  # fmt: skip
MASKS = (
    lambda i, j: (i + j) % 2,
    lambda i, _: i % 2,
    lambda _, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)

Grid = list[list[bool]]


def read_code(pdf: bytes, page: int, dots_per_inch: float = 200.0, *, two_tone: bool = False) -> str:
    """The text of the code in the lower right corner of a page, rendered in grey or, as a fax does, in black on white.

    Raises ValueError where there is no code that can be read.
    """
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=dots_per_inch / 72, grayscale=True).to_pil()
    document.close()
    width, height = picture.size
    corner = picture.crop((width - int(dots_per_inch * 1.2), height - int(dots_per_inch * 3.2), width, height))
    if two_tone:
        corner = corner.point(lambda level: 255 if level > 127 else 0)
    return _decode(_grid(corner))


def _grid(picture) -> Grid:
    wide, _ = picture.size
    pixels = picture.tobytes()
    rows = [[pixels[y * wide + x] < 128 for x in range(wide)] for y in range(len(pixels) // wide)]
    edge = max(x for x in range(wide) if any(row[x] for row in rows)) + 1
    for right in (edge, edge - 1, edge - 2):  # a line of the body above may end a little further right
        for top, length in _runs([row[right - 1] for row in rows]):
            for size in range(3 * length - 3, 3 * length + 4):  # the run is a finder pattern's outer edge, 7 of 21
                grid = _sampled(rows, top, right, size)
                if _has_finders(grid):
                    return grid
    raise ValueError("no square code on this page")


def _runs(column: list[bool]) -> list[tuple[int, int]]:
    """Top and length of each dark stretch of a column of pixels."""
    found, top = [], None
    for y, dark in enumerate([*column, False]):
        if dark and top is None:
            top = y
        elif not dark and top is not None:
            found.append((top, y - top))
            top = None
    return [(top, length) for top, length in found if 15 <= length <= 60]


def _sampled(rows: list[list[bool]], top: int, right: int, size: int) -> Grid:
    step = size / SIDE
    last = len(rows) - 1
    return [
        [rows[min(int(top + (y + 0.5) * step), last)][int(right - size + (x + 0.5) * step)] for x in range(SIDE)]
        for y in range(SIDE)
    ]


def _has_finders(grid: Grid) -> bool:
    corners = ((0, 0), (0, SIDE - 7), (SIDE - 7, 0))
    return all(_bits(grid[y + row][x : x + 7]) == FINDER[row] for y, x in corners for row in range(7))


def _bits(modules: list[bool]) -> int:
    return int("".join("1" if dark else "0" for dark in modules), 2)


def _decode(grid: Grid) -> str:
    beside = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    mask = MASKS[FORMATS[_bits([grid[y][x] for y, x in beside])]]
    stream = "".join("1" if grid[y][x] != (mask(y, x) == 0) else "0" for y, x in _path())
    if stream[:4] != "0010":
        raise ValueError("not in the alphanumeric mode")
    count, at, text = int(stream[4:13], 2), 13, ""
    while count - len(text) > 1:
        pair = int(stream[at : at + 11], 2)
        text += SIGNS[pair // 45] + SIGNS[pair % 45]
        at += 11
    return text + (SIGNS[int(stream[at : at + 6], 2)] if len(text) < count else "")


def _path() -> list[tuple[int, int]]:
    """The modules that hold data, in order: two columns at a time, upwards and downwards in turn."""
    found = []
    upwards = True
    for right in (20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for step in range(SIDE):
            y = SIDE - 1 - step if upwards else step
            found += [(y, x) for x in (right, right - 1) if not _is_fixed(y, x)]
        upwards = not upwards
    return found


def _is_fixed(y: int, x: int) -> bool:
    finder = (y < 9 and x < 9) or (y < 9 and x >= SIDE - 8) or (y >= SIDE - 8 and x < 9)
    return finder or y == 6 or x == 6
