"""The square code (QR, ISO/IEC 18004) of a sheet: its dark modules as runs, for the pen to fill."""

from functools import lru_cache
from typing import Any

CODE_SIDE = 21
"""Modules along each side: version 1, with about 15 % of it allowed to be dirty (level M)."""

MOST_SIGNS = 20
"""Digits, capitals, spaces and some points that version 1 holds at level M."""

Run = tuple[int, int, int]
"""Column, row and length of dark modules side by side."""


@lru_cache(maxsize=64)
def code_modules(text: str) -> tuple[Run, ...]:
    """The dark modules of the code for that text, row by row; none for an empty text.

    Raises ValueError where the text is longer than `MOST_SIGNS`.
    """
    if not text:
        return ()
    if len(text) > MOST_SIGNS:
        raise ValueError(f"{len(text)} signs: the code holds {MOST_SIGNS}")
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code: Any = QRCode(1, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    runs: list[Run] = []
    for row in range(CODE_SIDE):
        column = 0
        while column < CODE_SIDE:
            wide = 0
            while column + wide < CODE_SIDE and code.isDark(row, column + wide):
                wide += 1
            if wide:
                runs.append((column, row, wide))
            column += max(wide, 1)
    return tuple(runs)
