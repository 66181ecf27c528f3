"""Refuses to write when the disk is nearly full, while there is still room to end cleanly."""

from __future__ import annotations

import shutil
from pathlib import Path

from data.failures import UNTOUCHED, StoreError

# The database's log, the journal and a batch of workbooks fit into this many times over.
LEAST_FREE_BYTES = 32 * 1024 * 1024


def check_space(home: Path) -> None:
    """Raises StoreError (Chinese) where the disk of the runtime folder has too little room left."""
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE_BYTES:
        raise StoreError(
            f"磁盘空间不足：运行目录 {home} 所在磁盘只剩 {free / 1024 / 1024:.0f} MB。"
            f"请清理磁盘，或把运行目录移到空间充足的磁盘后重试。{UNTOUCHED}"
        )
