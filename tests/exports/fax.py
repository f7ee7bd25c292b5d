"""Pages as a fax machine sends them, read by character recognition: which doses and dates come through.

A page is drawn in 204 x 196 dots an inch, each dot black or white, as a fine fax has it. It is read in 300 x 300, which
the reading program is made for: dots that are wider than tall are not what it learned letters from. What has to be read
is the text of the file itself.
"""

import ctypes
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from random import Random

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from planner.services.printing import BUILDERS
from tests.exports.papers import library, printed, shipped

TESSERACT = shutil.which("tesseract")
ACROSS, DOWN = 204, 196
"""Dots an inch of a fine fax."""
READ = 300
"""Dots an inch in which a fax is read."""
BLACK = 128
"""A dot is black that is darker than this."""
WAYS = ("11", "3")
"""Ways to look for the text of a page: scattered, and in columns and lines."""
UNITS = "mg|mcg|meg|micrograms|g|units|mL"
DOSE = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:,?\d{{3}})*(?:\.\d+)?\s?(?:{UNITS})(?:/(?:m2|kg))?(?!(?!a day)\w)")
"""A space lost behind the unit ("40 mga day") parts nothing: the number and its unit are there."""
DATE = re.compile(r"(?<!\d)\d{1,2}[- ](?:[A-Z][a-z]{2}-|[A-Z][a-z]+ )\d{4}(?!\d)")


@dataclass(frozen=True)
class Read:
    """One page: the doses and dates on it, and those that were read in each way."""

    name: str
    wanted: Counter[str]
    found: dict[str, Counter[str]]

    def missed(self, *, letters: bool) -> Counter[str]:
        """What no way read as often as it stands there.

        Without `letters`, "meg" counts as mg and as mcg: no sheet has that unit, and the number is right.
        """
        best: Counter[str] = Counter()
        for found in self.found.values():
            unsure = [one for one in found.elements() if "meg" in one and not letters]
            best |= found + Counter(one.replace("meg", unit) for one in unsure for unit in ("mg", "mcg"))
        return self.wanted - best


def sample(seeds: Iterable[int]) -> Iterator[Read]:
    """For each seed a page of one sheet of every shipped protocol: the same for the same seed.

    The kinds of sheets take turns, so that each is read as often as every other.
    """
    kinds = sorted(BUILDERS)
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        for number, protocol in enumerate(sorted(library().protocols)):
            chosen = []
            for seed in seeds:
                kind = kinds[(number + seed) % len(kinds)]
                pdf = printed(shipped(protocol), kind)
                page = Random(f"{seed} {protocol}").randrange(len(pypdfium2.PdfDocument(pdf)))
                chosen.append(_seen(pdf, page, f"{protocol} {kind} {page + 1}"))
            yield from readers.map(lambda one: _read(*one), chosen)


def _seen(pdf: bytes, number: int, name: str) -> tuple[str, Counter[str], bytes]:
    """A page by its number from 0: its name, what has to be read, and what is seen of it."""
    page = pypdfium2.PdfDocument(pdf)[number]
    return name, told(page.get_textpage().get_text_range()), as_read(faxed(page))


def _read(name: str, wanted: Counter[str], seen: bytes) -> Read:
    """The page as the first way reads it, and as the others where that misses something."""
    page = Read(name, wanted, {})
    for way in WAYS:
        if not page.found or page.missed(letters=True):
            page.found[way] = told(recognised(seen, way))
    return page


def told(text: str) -> Counter[str]:
    """The doses and dates of a text, without the spaces in them."""
    return Counter(re.sub(r"\s", "", one) for pattern in (DOSE, DATE) for one in pattern.findall(text))


def faxed(page: pypdfium2.PdfPage) -> bytes:
    """The page in black and white dots, as a portable picture."""
    width, height = page.get_size()
    across, down = round(width / 72 * ACROSS), round(height / 72 * DOWN)
    bitmap = pdfium.FPDFBitmap_CreateEx(across, down, pdfium.FPDFBitmap_Gray, None, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page.raw, 0, 0, across, down, 0, pdfium.FPDF_GRAYSCALE)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    dots = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * down)
    pdfium.FPDFBitmap_Destroy(bitmap)
    shades = b"".join(dots[row * stride : row * stride + across] for row in range(down))
    sent = shades.translate(bytes(0 if shade < BLACK else 255 for shade in range(256)))
    return b"P5\n%d %d\n255\n" % (across, down) + sent


def as_read(sent: bytes) -> bytes:
    """A fax in square dots; nothing is added that was not sent."""
    picture = Image.open(BytesIO(sent))
    size = round(picture.width / ACROSS * READ), round(picture.height / DOWN * READ)
    seen = BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(seen, "PPM")
    return seen.getvalue()


def recognised(picture: bytes, way: str) -> str:
    """The text on a picture by its letters alone: no list of words makes a likelier one of what is printed."""
    command = [
        str(TESSERACT), "stdin", "stdout", "--dpi", str(READ), "--psm", way,
        "-c", "load_system_dawg=0", "-c", "load_freq_dawg=0",
    ]  # fmt: skip
    one_core = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=picture, capture_output=True, check=True, env=one_core)
    return done.stdout.decode()
