"""`manage.py export`: the files for a meeting without a browser."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from pptx import Presentation

from data.regions import load_regions
from meeting.export import KINDS
from tests.commands import manage, manage_alone
from tests.test_manage import assert_mendable


@pytest.fixture(scope="module")
def lived(lived_home, tmp_path_factory):

    return shutil.copytree(lived_home, tmp_path_factory.mktemp("export") / "home")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "png"])
def test_every_kind_is_written_under_its_own_name(lived, tmp_path, kind):
    told = manage_alone(
        "export", "--cycle", 2026, "--kind", kind, "--out", tmp_path, "--region", "230100", home=lived
    )
    assert told.returncode == 0, told.stderr
    (written,) = tmp_path.iterdir()
    assert written.name == f"演示数据_{KINDS[kind].title}_2026_哈尔滨市.{KINDS[kind].extension}"
    assert str(written) in told.stderr
    assert zipfile.ZipFile(written).testzip() is None


def test_a_publication_and_parts_can_be_chosen(lived, tmp_path):
    out = tmp_path / "new" / "年度.pptx"
    told = manage("export", "--cycle", 2025, "--kind", "pptx", "--out", out, "--number", "2025-1", "--parts", "cover,method", home=lived)  # fmt: skip
    assert told.returncode == 0, told.stderr
    slides = Presentation(str(out)).slides
    assert len(slides) == 2
    assert "第 2025-1 号公布" in "".join(
        s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame
    )
    listed = manage(
        "export", "--cycle", 2025, "--kind", "xlsx", "--out", out, "--parts", "list", home=lived
    ).stdout
    assert [line.split("\t")[0] for line in listed.splitlines()] == list(KINDS["xlsx"].parts)


def test_counties_of_the_whole_province_can_be_compared(lived, tmp_path):
    out = tmp_path / "county.xlsx"
    assert (
        manage(
            "export", "--cycle", 2026, "--kind", "xlsx", "--out", out, "--level", "county", home=lived
        ).returncode
        == 0
    )
    texts = zipfile.ZipFile(out).read("xl/sharedStrings.xml").decode()
    counties = [region.name for region in load_regions() if region.level == "county"]
    assert len([name for name in counties if f">{name}<" in texts]) > len(counties) / 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--kind", "pptx", "--out", "deck.docx"), ".pptx"),
        (("--kind", "pptx", "--out", "deck.pptx", "--region", "999999"), "请核对代码"),
        (("--kind", "pptx", "--out", "deck.pptx", "--parts", "nothing"), "可用的有"),
        (("--kind", "pptx", "--out", "deck.pptx", "--parts", ""), "请至少选一项"),
        (("--kind", "pptx", "--out", "deck.pptx", "--number", "2026-9"), "2026-9"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(lived, tmp_path, arguments, said, monkeypatch):
    arguments = [str(tmp_path / each) if "deck." in each else each for each in arguments]
    assert_mendable(manage("export", "--cycle", 2026, *arguments, home=lived), said)
    assert not list(tmp_path.iterdir())


def test_the_result_list_is_written_from_a_publication(lived, tmp_path):
    out = tmp_path / "运用表.xlsx"
    told = manage("export-results", "--cycle", 2025, "--out", out, home=lived)
    assert told.returncode == 0, told.stderr
    assert "第 2025-1 号公布" in told.stderr
    assert zipfile.ZipFile(out).testzip() is None
    told = manage("export-results", "--cycle", 2026, "--out", tmp_path / "none.xlsx", home=lived)
    assert_mendable(told)
    assert not (tmp_path / "none.xlsx").exists()
