"""What a visitor can read on a page that is not Chinese: texts, placeholders, labels for screen readers, tooltips."""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z]{3,}")
# Names of things that are written so in Chinese too, and ids: hashes, unit codes, indicator ids, files.
ALLOWED = re.compile(
    r"^(xlsx|toml|xlsm|xls|docx|pptx|csv|ods|zip|PowerPoint|Word|Office|PNG|SVG|templates|Chrome|Chromium|Edge|XLSX|XLSM|XLS|CSV|ODS|ZIP|PDF|SHA|Excel|LibreOffice|WPS|URL|Ctrl|manage|py|demo|open|cycle|link"
    r"|verify|restore|rebuild"
    r"|local|backup|heilongjiang|hrb|daoli|kaohe"  # the program's own accounts, a scheme's id, examples of accounts
    r"|[0-9a-f]{3,64}|[0-9A-Z]{3,18})$"
)

# Every readable string of the page with where it stands; icon fonts write their glyphs as English words, which nobody sees.
COLLECT = """
() => {
  const found = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return style.visibility !== "hidden" && style.display !== "none" && (box.width > 0 || box.height > 0);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || parent.closest("script,style,noscript,[data-testid=stIconMaterial],[data-testid=stAlertDynamicIcon]") || !seen(parent)) continue;
    found.push(["text", walker.currentNode.nodeValue]);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["placeholder", "aria-label", "title", "alt", "data-title", "aria-description"]) {
      const value = element.getAttribute(name);
      if (value && !element.closest("[data-testid=stIconMaterial]")) found.push([name, value]);
    }
  }
  found.push(["title", document.title], ["lang", document.documentElement.lang === "zh-CN" ? "" : "lang is not zh-CN"]);
  return found;
}
"""


def english_on(page) -> list[str]:
    """Every string of the page that holds an English word, as `where: string`; empty on a Chinese page."""
    culprits = []
    for where, text in page.evaluate(COLLECT):
        words = [
            w for w in WORD.findall(re.sub(r"\S+\.(xlsx|zip|xls|csv)\b", "", text)) if not ALLOWED.match(w)
        ]
        if words:
            culprits.append(f"{where}: {text.strip()[:120]}")
    return sorted(set(culprits))
