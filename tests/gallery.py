"""Pictures for looking at, in shots/: every page of every sheet of the demo plan; the window's views and dialogs."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

from planner.services.sheet_titles import SHEET_TITLES
from tests.architecture.imports import ROOT

OUT = ROOT / "shots"
PAPERS = ("A4", "Letter")
DOTS_PER_INCH = 110
PLANS, THEMES, SCALES = ("demo", "crowded"), ("light", "dark", "contrast"), (100, 200)
SCREEN = {
    "name": "large",
    "x": 0,
    "y": 0,
    "width": 3840,
    "height": 2160,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}


def main(arguments: list[str]) -> int:
    """Write the wished pictures, all where nothing is said, and say where they are."""
    wish = _wish(arguments)
    OUT.mkdir(exist_ok=True)
    before = time.time()
    with tempfile.TemporaryDirectory() as folder:
        if wish.only in ("all", "sheets"):
            for old in OUT.glob("sheet-*.png"):
                old.unlink()
            shoot_sheets(Path(folder))
        if wish.only in ("all", "window"):
            for plan, theme, scale in product(wish.plan, wish.theme, wish.scale):
                shoot_window(Path(folder) / f"{plan}-{theme}-{scale}", plan, theme, scale)
    for picture in sorted(one for one in OUT.glob("*.png") if one.stat().st_mtime >= before):
        print(picture.relative_to(ROOT))
    return 0


def _wish(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py shots")
    parser.add_argument("--only", choices=("all", "sheets", "window"), default="all")
    parser.add_argument("--plan", nargs="+", choices=PLANS, default=PLANS)
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--scale", nargs="+", type=int, choices=SCALES, default=SCALES, help="per cent")
    return parser.parse_args(arguments)


def shoot_window(folder: Path, plan: str, theme: str, scale: int) -> None:
    """One window on one plan in one theme at one scale, in a process of its own: Qt takes its scale once."""
    folder.mkdir()
    screen = folder / "screen.json"
    screen.write_text(json.dumps({"screens": [SCREEN]}))
    around = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"}
    around["QT_SCALE_FACTOR"] = str(scale / 100)
    words = [sys.executable, "-m", "tests.gallery_window", folder / "data", OUT, plan, theme, str(scale)]
    done = subprocess.run([*map(str, words)], cwd=ROOT, env=around, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)


def shoot_sheets(folder: Path) -> list[Path]:
    """Print the demo plan's sheets on each paper and draw their pages."""
    _regimap("demo", "--out", folder)
    pictures = []
    for sheet in SHEET_TITLES:
        for paper in PAPERS:
            file = folder / f"{sheet}-{paper}.pdf"
            _regimap("print", folder / "plan.json", "--sheet", sheet, "--paper", paper, "-o", file)
            pictures += draw_pages(file)
    return pictures


def _regimap(*words: object) -> None:
    done = subprocess.run([sys.executable, "-m", "planner", *map(str, words)], cwd=ROOT, check=False)
    if done.returncode not in (0, 1):  # 1: the demo plan has an open finding
        sys.exit(done.returncode)


def draw_pages(file: Path) -> list[Path]:
    """Every page of a PDF as one picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    pictures = []
    for number, page in enumerate(document, 1):
        picture = OUT / f"sheet-{file.stem}-{number:02}.png"
        page.render(scale=DOTS_PER_INCH / 72).to_pil().save(picture)
        pictures.append(picture)
    document.close()
    return pictures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
