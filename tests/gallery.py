"""Pictures for looking at, in shots/: every page of every sheet of the demo plan, and the window's main views."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.imports import ROOT

OUT = ROOT / "shots"
SHEETS = ("roadmap", "calendar")
PAPERS = ("A4", "Letter")
DOTS_PER_INCH = 110


def main() -> int:
    """Write all pictures and say where they are."""
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        pictures = shoot_sheets(Path(folder))
    for picture in pictures:
        print(picture.relative_to(ROOT))
    return 0


def shoot_sheets(folder: Path) -> list[Path]:
    """Print the demo plan's sheets on each paper and draw their pages."""
    _regimap("demo", "--out", folder)
    pictures = []
    for sheet in SHEETS:
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
    sys.exit(main())
