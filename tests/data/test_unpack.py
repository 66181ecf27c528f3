"""What is sent is opened file by file; what a zip holds that cannot be taken is told by its name, the rest goes in."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from data import unpack
from data.guards import MAX_FILE_BYTES
from data.unpack import Sent, TurnedAway, clean_name, expand_upload, iter_files


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def fates(name: str, content: bytes) -> list[tuple[str, object]]:
    """(name, bytes) of what goes on, (name, code) of what is turned away; as many as were announced."""
    sent = Sent(name, content)
    opened = list(sent)
    assert len(sent) == len(opened)
    return [(f.filename, f.problem.code) if isinstance(f, TurnedAway) else f for f in opened]


def test_a_file_that_is_no_zip_is_handed_on_as_it_is():
    assert fates("甲.xlsx", b"1") == [("甲.xlsx", b"1")]
    assert fates("不是.zip", b"%PDF-1.7") == [("不是.zip", b"%PDF-1.7")]
    assert fates("空.zip", b"") == [("空.zip", b"")]


def test_good_members_go_in_although_others_are_turned_away():
    content = zipped(
        ("乙.xlsx", b"2"), ("../逃.xlsx", b"3"), ("甲.xlsx", b"1"), ("里面.zip", b"PK"), ("里面.RAR", b"Rar!"),
        ("大.xlsx", b"x" * (MAX_FILE_BYTES + 1)),
    )  # fmt: skip
    assert fates("包.zip", content) == [
        ("包.zip/../逃.xlsx", "unsafe-path"),
        ("包.zip/乙.xlsx", b"2"),
        ("包.zip/大.xlsx", "file-too-large"),
        ("包.zip/甲.xlsx", b"1"),
        ("包.zip/里面.RAR", "archive-in-archive"),
        ("包.zip/里面.zip", "archive-in-archive"),
    ]


@pytest.mark.parametrize(
    "name", ["../a.xlsx", "县/../../a.xlsx", "/etc/a.xlsx", "C:/a.xlsx", "c:a.xlsx", "县\\a.xlsx"]
)
def test_paths_that_leave_the_zip_are_turned_away(name):
    assert fates("包.zip", zipped((name, b"1"))) == [(f"包.zip/{name}", "unsafe-path")]


def test_a_zero_byte_in_a_name_is_turned_away():
    content = zipped(("aXb.xlsx", b"1")).replace(b"aXb", b"a\0b")
    assert fates("包.zip", content) == [("包.zip/a\0b.xlsx", "unsafe-path")]


def test_a_chinese_name_whose_bytes_hold_a_backslash_is_no_path():
    name = "輁"  # its second byte in GBK is that of a backslash
    raw = f"{name}乙.xlsx".encode("gbk")
    assert b"\\" in raw
    content = zipped(("x" * len(raw), b"1")).replace(b"x" * len(raw), raw)
    assert fates("包.zip", content) == [(f"包.zip/{name}乙.xlsx", b"1")]


def test_a_member_with_a_password_is_turned_away():
    content = bytearray(zipped(("甲.xlsx", b"1"), ("乙.xlsx", b"2")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert fates("包.zip", bytes(content)) == [
        ("包.zip/乙.xlsx", b"2"),
        ("包.zip/甲.xlsx", "encrypted-archive"),
    ]


def test_a_damaged_member_does_not_hold_up_the_others():
    content = zipped(("甲.xlsx", b"aaaa"), ("乙.xlsx", b"bbbb")).replace(b"aaaa", b"aaax", 1)
    assert fates("包.zip", content) == [("包.zip/乙.xlsx", b"bbbb"), ("包.zip/甲.xlsx", "damaged-archive")]


def test_a_damaged_zip_is_one_file_turned_away():
    assert fates("包.zip", zipped(("甲.xlsx", b"1"))[:-10]) == [("包.zip", "damaged-archive")]


def test_an_empty_zip_is_not_passed_over_in_silence():
    assert fates("包.zip", zipped()) == [("包.zip", "empty-archive")]
    assert fates("包.zip", zipped(("__MACOSX/._甲.xlsx", b"1"), ("~$甲.xlsx", b"1"))) == [
        ("包.zip", "empty-archive")
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_second_is_turned_away():
    content = zipped(("甲.xlsx", b"1"), ("甲.XLSX", b"2"))
    assert sorted(map(str, fates("包.zip", content))) == sorted(
        map(str, [("包.zip/甲.XLSX", b"2"), ("包.zip/甲.xlsx", "duplicate-member")])
    )


def test_other_ways_to_compress_are_turned_away():
    content = zipped(("甲.xlsx", b"1"), method=zipfile.ZIP_BZIP2)
    assert fates("包.zip", content) == [("包.zip/甲.xlsx", "unsupported-compression")]


def test_a_member_that_shrinks_too_well_is_turned_away():
    content = zipped(("甲.xlsx", b"\0" * 2_000_000), method=zipfile.ZIP_DEFLATED)
    assert fates("包.zip", content) == [("包.zip/甲.xlsx", "compressed-too-much")]


def test_a_zip_that_expands_too_far_is_read_up_to_its_limit(monkeypatch):
    monkeypatch.setattr(unpack, "EXPANDED_LIMIT", 10)
    content = zipped(("1.xlsx", b"123456"), ("2.xlsx", b"123456"), ("3.xlsx", b"1"))
    assert fates("包.zip", content) == [
        ("包.zip/1.xlsx", b"123456"), ("包.zip/2.xlsx", "archive-too-large"), ("包.zip/3.xlsx", "archive-too-large"),
    ]  # fmt: skip


def test_a_zip_of_too_many_files_is_turned_away_whole(monkeypatch):
    monkeypatch.setattr(unpack, "MEMBER_LIMIT", 3)
    content = zipped(*((f"{n}.xlsx", b"1") for n in range(4)))
    assert fates("包.zip", content) == [("包.zip", "too-many-members")]


def test_a_list_of_members_that_would_fill_the_memory_is_not_read():
    """Half a million names in 30 MB; read, they are 400 MB."""
    entry = b"PK\x01\x02" + b"\0" * 24 + (14).to_bytes(2, "little") + b"\0" * 16 + b"a" * 14
    directory = entry * 500_000
    end = b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff" * 2 + len(directory).to_bytes(4, "little") + b"\0" * 6
    assert fates("包.zip", b"PK\x03\x04" + directory + end)[0] == ("包.zip", "too-many-members")


def test_a_workbook_under_the_name_of_a_zip_is_one_file():
    content = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>"))
    assert fates("自评表.zip", content) == [("自评表.zip", content)]


def test_members_are_expanded_when_their_turn_comes():
    sent = Sent("包.zip", zipped(*((f"{n}.xlsx", bytes(1_000_000)) for n in range(5))))
    assert len(sent) == 5
    assert next(iter(sent))[0] == "包.zip/0.xlsx"


def test_on_disk_a_file_too_large_is_turned_away_unread(tmp_path):
    with (tmp_path / "大.xlsx").open("wb") as file:
        file.truncate(10 * 1024**3)
    [turned_away] = iter_files([tmp_path])
    assert (turned_away.filename, turned_away.problem.code) == ("大.xlsx", "file-too-large")


def test_a_zip_on_disk_is_closed_after_it_was_gone_through(tmp_path):
    (tmp_path / "包.zip").write_bytes(zipped(("甲.xlsx", b"1")))
    assert list(iter_files([tmp_path])) == [("包.zip/甲.xlsx", b"1")]


def test_other_archives_in_a_folder_are_not_passed_over_in_silence(tmp_path):
    (tmp_path / "包.rar").write_bytes(b"Rar!")
    (tmp_path / "证明.pdf").write_bytes(b"%PDF")
    assert list(iter_files([tmp_path])) == [("包.rar", b"Rar!")]


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="whoever may read everything is never refused"
)
def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(b"1")
    (tmp_path / "甲.xlsx").chmod(0)
    [turned_away] = iter_files([tmp_path])
    assert turned_away.problem.code == "file-unreadable"


@pytest.mark.skipif(os.name != "posix", reason="other systems store names as Unicode")
def test_names_that_an_older_system_left_on_a_disk_are_read(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + "/县乙.xlsx".encode("gbk"))).write_bytes(b"1")
    assert list(iter_files([tmp_path])) == [("县乙.xlsx", b"1")]


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(iter_files([tmp_path / "没有.xlsx"]))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("自评表.xlsx", "自评表.xlsx"),
        ("a\x00b\n\x1b[31m.xlsx", "a_b__[31m.xlsx"),
        ("自评表\u202excod.xlsx", "自评表_xcod.xlsx"),
        ("a\udcff.xlsx", "a?.xlsx"),
        ("很" * 300 + ".xlsx", "…" + "很" * 249 + ".xlsx"),
    ],
)
def test_names_are_kept_without_what_disturbs_a_screen(name, shown):
    assert clean_name(name) == shown


def test_an_upload_is_opened_like_a_file():
    assert list(expand_upload("包.zip", zipped(("甲.xlsx", b"1")))) == [("包.zip/甲.xlsx", b"1")]
