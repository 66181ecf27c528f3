"""`make screenshots`: the screens on the demo province as docs/<screen>.png, 1440 wide, few colours, small files."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from data import queries
from data.demo import build_demo_home
from data.store import Store
from tests.browser.running import ROOT, open_browser, serve, settle, sign_in

WIDTH, TALLEST = 1440, 1800
COLOURS = 128
CYCLE = 2026
DRAWN_MS = 1500  # figures fade in after the script has ended


def main() -> None:
    """Build the demo in a folder of its own and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build_demo_home(home)
        addresses = _addresses(home)
        with serve(home, log=Path(folder) / "server.log") as url, open_browser() as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": 900}, locale="zh-CN")
            sign_in(page, home, url)
            for name, address in addresses.items():
                page.goto(f"{url}/{address}")
                settle(page)
                _save(page, ROOT / "docs" / f"{name}.png")


def _addresses(home: Path) -> dict[str, str]:
    """Screen → its address, with a unit that has a deduction or at least a middling score."""
    store = Store.open(home)
    units = queries.units(store, cycle=CYCLE)
    store.close()
    scored = units[units["state"] == "scored"].sort_values("score")
    unit = scored["code"].iloc[len(scored) // 2]
    return {
        "overview": f"overview?cycle={CYCLE}",
        "ranking": f"ranking?cycle={CYCLE}",
        "gaps": f"gaps?cycle={CYCLE}",
        "comparison": f"comparison?cycle={CYCLE}&region=230100&other=230400",
        "priorities": f"priorities?cycle={CYCLE}&region=230400",
        "credibility": f"credibility?cycle={CYCLE}",
        "robustness": f"robustness?cycle={CYCLE}",
        "what_if": f"what_if?cycle={CYCLE}&d_foreign=2",
        "unit": f"unit?cycle={CYCLE}&unit={unit}",
        "review": f"review?cycle={CYCLE}&part=queue&unit={unit}&item=T15-01",
        "rectification": f"rectification?cycle={CYCLE - 1}&part=tasks",
        "publication": f"publication?cycle={CYCLE - 1}&part=published",
        "trend": f"trend?cycle={CYCLE}",
        "meeting": f"meeting?cycle={CYCLE}",
        "submit": f"submit?cycle={CYCLE}&step=upload",
        "regulation": f"regulation?cycle={CYCLE}",
        "scheme": f"scheme?cycle={CYCLE}&part=content&topic=weights",
        "admin": f"admin?part=cycles&cycle={CYCLE}",
    }


def _save(page, path: Path) -> None:
    """The whole screen from its top, at most TALLEST high."""
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": max(900, min(height, TALLEST))})
    settle(page)
    page.wait_for_timeout(DRAWN_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(path, optimize=True)
    page.set_viewport_size({"width": WIDTH, "height": 900})


if __name__ == "__main__":
    main()
