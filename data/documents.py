"""What the commands print: the JSON documents that other tools read, and the pages of docs/ made from the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.explanations import published_scores
from data.model import Receipt
from data.problems import problems_markdown
from data.store import Store
from scoring.documentation import indicators_markdown
from scoring.regulation import load_regulation
from scoring.scheme import load_scheme, shipped_schemes

DOCUMENTED_SCHEME = "heilongjiang-2026"


def import_document(receipts: Sequence[Receipt], *, seconds: float) -> dict[str, Any]:
    """Every file's fate and problems, as `import --json` prints them."""
    refused = sum(receipt.status == "refused" for receipt in receipts)
    return {
        "files": [
            {
                "path": receipt.path,
                "sha256": receipt.sha256,
                "status": receipt.status,
                "unit": receipt.unit,
                "problems": [
                    {
                        "code": problem.code,
                        "severity": problem.severity,
                        "sheet": problem.sheet,
                        "cell": problem.cell,
                        "message": problem.message,
                    }
                    for problem in receipt.problems
                ],
            }
            for receipt in receipts
        ],
        "accepted": len(receipts) - refused,
        "refused": refused,
        "seconds": round(seconds, 3),
    }


def scores_document(store: Store, *, cycle: int, level: str) -> dict[str, Any]:
    """Published scores in rank order, as `scores --json` prints them; `level`: prefecture, county or unit."""
    opened = store.cycle(cycle)
    return {
        "cycle": cycle,
        "scheme": f"{opened.scheme_id} {opened.version}",
        "rows": published_scores(store, cycle=cycle, level=level),
    }


def explanation_lines(document: dict[str, Any]) -> Iterator[str]:
    """An explanation as lines of text: first what stands alone, then one line per term or gap."""
    for key, value in document.items():
        if not isinstance(value, list):
            yield f"{key}: {value}"
    for key, value in document.items():
        if isinstance(value, list):
            yield f"{key}: {len(value)}"
            yield from ("  " + "  ".join(f"{k}={v}" for k, v in entry.items()) for entry in value)


def write_generated_docs(folder: Path, pages: Mapping[str, str], *, is_dry: bool) -> list[Path]:
    """Rewrite the generated pages, given by file name; returns those that were stale."""
    stale = []
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path)
            if not is_dry:
                folder.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
    return stale


def generated_docs() -> dict[str, str]:
    """File name → text of the pages made from the scheme and the catalogue of problems."""
    scheme = load_scheme(shipped_schemes()[DOCUMENTED_SCHEME])
    return {
        "indicators.md": indicators_markdown(scheme, load_regulation(scheme.regulation)),
        "problems.md": problems_markdown(),
    }
