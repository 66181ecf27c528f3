"""`make examples`: deck, bulletin and workbook of the demo province and of one prefecture, and their pages, in docs/meeting."""

from __future__ import annotations

import io
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from PIL import Image

from data.demo import build_demo_home
from data.store import Store
from meeting.export import export
from meeting.material import gather
from tests.libreoffice import to_pdf

OUT = Path(__file__).parent.parent.parent / "docs" / "meeting"
CYCLE, NOW = 2026, datetime(2026, 11, 25, 9)
REGIONS = {"province": None, "harbin": "230100"}
# Kind → pages beside each other in its picture, and how many pixels an inch of them has.
SHEETS = {"pptx": (3, 40), "docx": (5, 40), "xlsx": (4, 40)}
MOST_PAGES, COLOURS, GAP = 20, 64, 6


def main() -> None:
    """Build the demo in a folder of its own and write everything anew."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build_demo_home(home)
        store = Store.open(home)
        for name, region in REGIONS.items():
            with gather(store, cycle=CYCLE, region=region, now=NOW) as material:
                for kind in SHEETS:
                    made = export(material, kind=kind, home=home, may=lambda action: True)
                    path = OUT / f"{name}.{kind}"
                    path.write_bytes(made.content)
                    _picture(path, Path(folder))
        store.close()


def _picture(path: Path, folder: Path) -> None:
    """The pages beside each other as <file>.png, in few colours."""
    columns, dpi = SHEETS[path.suffix[1:]]
    pdf = to_pdf(path, folder)
    command = ["pdftoppm", "-r", str(dpi), "-l", str(MOST_PAGES), "-png", str(pdf), str(folder / path.name)]
    subprocess.run(command, check=True)
    files = sorted(folder.glob(f"{path.name}-*.png"))
    pages = [Image.open(io.BytesIO(file.read_bytes())).convert("RGB") for file in files]
    width, height = max(page.width for page in pages), max(page.height for page in pages)
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), "#b4c0cb")
    for at, page in enumerate(pages):
        sheet.paste(page, (GAP + at % columns * (width + GAP), GAP + at // columns * (height + GAP)))
    sheet.quantize(COLOURS).save(path.with_name(f"{path.stem}-{path.suffix[1:]}.png"), optimize=True)


if __name__ == "__main__":
    main()
