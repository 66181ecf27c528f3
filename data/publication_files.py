"""The file of a publication: every frozen row in a form of its own, with a manifest whose SHA-256 stands in the journal.

publications/<number>.zip holds one text per result (a line per row, JSON, sorted, floats as Python writes them) and
manifest.json with the SHA-256 of each. The published_* tables follow from it: what a rebuilt database lacks is read again.
"""

from __future__ import annotations

import io
import json
import logging
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from data.failures import StoreError, cannot_write
from data.hashing import hash_bytes
from data.transaction import insert_rows
from data.workbook_files import sync_folder
from scoring.views import RESULTS

LOG = logging.getLogger("assessment")
MANIFEST = "manifest.json"
REGISTER = "register"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: the same rows must give the same bytes
LARGEST_PART = 4 * 1024**3  # bytes of one expanded part


class PublicationFault(StoreError):
    """A publication's file that is not there or is not what was published."""


def publication_path(folder: Path, number: str) -> Path:
    """Where a publication's file is."""
    return folder / f"{number}.zip"


def frozen_rows(cursor: duckdb.DuckDBPyConnection, publication: int) -> Iterator[tuple[str, bytes]]:
    """(part, text) of every result table's rows of a publication, by the database that holds them."""
    for name in RESULTS:
        found = cursor.execute(
            f"select * exclude (publication) from published_{name} where publication = $publication order by all",
            {"publication": publication},
        )
        yield name, _text([column[0] for column in found.description], found.fetchall())


def register_rows(cursor: duckdb.DuckDBPyConnection, cycle: int) -> bytes:
    """The register of a cycle as a part's text."""
    found = cursor.execute(
        "select unit, name, region, category, list_sort(tags) as tags from unit where cycle = $cycle order by unit",
        {"cycle": cycle},
    )
    return _text([column[0] for column in found.description], found.fetchall())


def _text(columns: list[str], rows: list[tuple]) -> bytes:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
    return "".join(f"{encode(row)}\n" for row in (columns, *rows)).encode()


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be published")


def write_publication(folder: Path, number: str, about: Mapping[str, Any], parts: Mapping[str, bytes]) -> str:
    """Write the file, synced, and return the SHA-256 of its manifest. Raises StoreError (Chinese) where it cannot."""
    manifest = {
        **about,
        "parts": {
            name: {"sha256": hash_bytes(text), "rows": text.count(b"\n") - 1} for name, text in parts.items()
        },
    }
    listed = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {
            MANIFEST: listed,
            **{f"{part}.jsonl": text for part, text in parts.items()},
        }.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    target = publication_path(folder, number)
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content.getvalue())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        sync_folder(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise cannot_write(folder, error) from error
    return hash_bytes(listed)


def read_publication(folder: Path, number: str, sha256: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the parts of a publication. Raises PublicationFault where the file is not what was published."""
    path = publication_path(folder, number)
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.read(MANIFEST)
            if hash_bytes(listed) != sha256:
                raise PublicationFault(
                    f"第 {number} 号公布的文件 {path} 被改动过：清单与公布时的 SHA-256 不符"
                )
            manifest = json.loads(listed)
            parts = {}
            for name, entry in manifest["parts"].items():
                if archive.getinfo(f"{name}.jsonl").file_size > LARGEST_PART:
                    raise PublicationFault(f"第 {number} 号公布的文件 {path} 被改动过：{name} 过大")
                parts[name] = archive.read(f"{name}.jsonl")
                if hash_bytes(parts[name]) != entry["sha256"]:
                    raise PublicationFault(f"第 {number} 号公布的文件 {path} 被改动过：{name} 与公布时不符")
    except FileNotFoundError as error:
        raise PublicationFault(
            f"第 {number} 号公布的文件 {path} 不在：请从备份找回后重新启动（没有它，数据库中的这次公布不能重建）"
        ) from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise PublicationFault(f"第 {number} 号公布的文件 {path} 读不了（{error}）：请从备份找回") from error
    return manifest, parts


def load_missing(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Read the frozen rows of publications that the database lacks again; says, and returns, what could not be read."""
    lacking = connection.execute(
        "select seq, number, sha256 from publication "
        "where seq not in (select distinct publication from published_unit_score) order by seq"
    ).fetchall()
    faults = []
    for seq, number, sha256 in lacking:
        try:
            _, parts = read_publication(folder, number, sha256)
        except PublicationFault as fault:
            LOG.error("%s", fault)
            faults.append(str(fault))
            continue
        cursor = connection.cursor()
        cursor.execute("begin transaction")
        for name in RESULTS:
            columns, *rows = (json.loads(line) for line in parts[name].splitlines())
            insert_rows(
                cursor,
                f"published_{name}",
                ({"publication": seq, **dict(zip(columns, row, strict=True))} for row in rows),
            )
        cursor.execute("commit")
        cursor.close()
    return faults
