"""`manage.py scheme`: schemes listed, shown, taken out, checked, saved anew and put to use without a browser."""

from __future__ import annotations

import io

import openpyxl
import pytest

from access.accounts import Account, Accounts
from data.store import Store
from scoring.effective import effective_weights
from scoring.scheme import parse_scheme
from scoring.scheme_edit import edited
from tests.commands import manage, manage_alone
from tests.test_manage import SCHEME, SCHEME_PATH, assert_mendable, document, home

__all__ = ["home"]

SOURCE = SCHEME_PATH.read_text("utf-8")
NAMED = ("--id", SCHEME.id, "--version", SCHEME.version)
BASE = ("--base", SCHEME.id, SCHEME.version)
HALVES = {"systems": {"national_security": {"weight": 0.5}, "peaceful_province": {"weight": 0.5}}}


def written(path, **changes):
    path.write_text(edited(SOURCE, changes), "utf-8")
    return path


def changed_workbook(content: bytes, path, cells):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, row_id, title, value in cells:
        rows = book[sheet].iter_rows()
        head = next(row for row in rows if "编号" in [cell.value for cell in row])
        titles = [cell.value for cell in head]
        row = next(row for row in rows if row[titles.index("编号")].value == row_id)
        row[titles.index(title)].value = value
    book.save(path)
    return path


@pytest.fixture
def exported(home, tmp_path):
    out = tmp_path / "方案.xlsx"
    assert manage("scheme", "export", *NAMED, "--out", out, home=home).returncode == 0
    return out


def test_a_new_file_is_checked_saved_listed_and_put_to_use(home, tmp_path):
    file = written(tmp_path / "new.toml", **HALVES, version="2026.9")
    checked = manage_alone("scheme", "check", file, "--cycle", 2026, "--json", home=home)
    assert checked.returncode == 0
    told = document(checked)
    assert told["ok"] and told["problems"] == [] and told["base"] == f"{SCHEME.id} {SCHEME.version}"
    assert [(d["kind"], d["id"], d["field"], d["now"], d["affects"]) for d in told["differences"]] == [
        ("责任制", "national_security", "权重", "0.5", "得分"),
        ("责任制", "peaceful_province", "权重", "0.5", "得分"),
    ]
    listed = document(manage("scheme", "list", "--json", home=home))["versions"]
    assert [row["version"] for row in listed] == [SCHEME.version], "checking keeps nothing"

    saved = document(manage("scheme", "import", file, "--reason", "会议纪要", "--json", home=home))
    assert saved["version"] == "2026.9"
    used = manage(
        *("scheme", "use", "--cycle", 2026, "--id", SCHEME.id, "--version", "2026.9", "--reason", "核定"),
        home=home,
    )
    assert used.returncode == 0
    rows = document(manage("scheme", "list", "--json", home=home))["versions"]
    listed = {row["version"]: row for row in rows}
    assert listed["2026.9"]["cycles"] == [2026] and listed[SCHEME.version]["cycles"] == []
    assert (listed["2026.9"]["reason"], listed["2026.9"]["account"]) == ("会议纪要", "local")
    out = tmp_path / "again.toml"
    manage("scheme", "export", "--id", SCHEME.id, "--version", "2026.9", "--out", out, home=home)
    assert out.read_bytes() == file.read_bytes()


def test_a_version_is_shown_with_what_its_parts_really_weigh(home):
    shown = document(manage("scheme", "show", *NAMED, "--json", home=home))
    assert shown["indicators"] == len(SCHEME.indicators)
    told = {(row["category"], row["kind"], row["id"]): row["share"] for row in shown["effective_weights"]}
    assert told == {(w.category, w.kind, w.id): w.share for w in effective_weights(SCHEME)}
    text = manage("scheme", "show", *NAMED, home=home).stdout
    assert SCHEME.title in text and SCHEME.weights_note in text and SCHEME.categories[0].name in text


def test_a_changed_workbook_becomes_the_next_version(home, exported, tmp_path):
    cells = [
        ("责任制", "national_security", "权重", 0.5),
        ("责任制", "peaceful_province", "权重", 0.5),
    ]
    file = changed_workbook(exported.read_bytes(), tmp_path / "changed.xlsx", cells)
    saved = document(manage("scheme", "import", file, *BASE, "--reason", "会议纪要", "--json", home=home))
    assert saved["version"] == "2026.4" and len(saved["differences"]) == 2
    store = Store.open(home)
    kept = dict(store.rows("select version, source from scheme"))
    store.close()
    assert kept[SCHEME.version] == SOURCE
    assert [s.weight for s in parse_scheme(kept["2026.4"], name="2026.4").systems] == [0.5, 0.5]


def test_faults_are_told_by_field_or_cell_and_nothing_is_saved(home, exported, tmp_path):
    wrong = {"systems": {"national_security": {"weight": 0.9}}, "version": "2026.9"}
    file = written(tmp_path / "wrong.toml", **wrong)
    for verb in (("check",), ("import", "--reason", "试")):
        result = manage("scheme", *verb, file, "--json", home=home)
        assert result.returncode == 1
        told = document(result)
        assert not told["ok"] and told["differences"] == []
        assert [row["place"] for row in told["problems"]] == ["systems"]
        assert "合计正好为 1" in told["problems"][0]["text"]
    cells = [("指标", SCHEME.indicators[0].id, "分值", "很多")]
    file = changed_workbook(exported.read_bytes(), tmp_path / "wrong.xlsx", cells)
    result = manage("scheme", "check", file, *BASE, "--json", home=home)
    assert result.returncode == 1
    assert "指标!" in document(result)["problems"][0]["place"]
    assert len(document(manage("scheme", "list", "--json", home=home))["versions"]) == 1


def test_a_kept_version_is_never_overwritten(home, exported, tmp_path):
    file = written(tmp_path / "same.toml", **HALVES)
    assert_mendable(manage("scheme", "import", file, "--reason", "再存", home=home), "不能改动", "2026.4")
    result = manage("scheme", "import", exported, *BASE, "--reason", "再存", home=home)
    assert_mendable(result, "没有不同")


def test_what_cannot_be_read_is_said(home, exported, tmp_path):
    (tmp_path / "latin.toml").write_bytes("title = '黑龙江'".encode("gbk"))
    (tmp_path / "broken.xlsx").write_bytes(b"PK broken")
    for arguments, words in (
        (("check", tmp_path / "none.toml"), "核对路径"),
        (("check", tmp_path / "latin.toml"), "UTF-8"),
        (("check", tmp_path / "broken.xlsx", *BASE), "broken.xlsx"),
        (("check", tmp_path / "scheme.docx"), ".toml"),
        (("check", exported), "--base"),
        (("check", exported, "--base", SCHEME.id, "1999"), "没有保存过"),
        (("check", exported, *BASE, "--cycle", 2026), "只能写一个"),
        (("show", "--id", SCHEME.id, "--version", "1999"), "scheme list"),
    ):
        assert_mendable(manage("scheme", *arguments, home=home), words)


def test_who_may_not_change_schemes_may_read_them_only(home, tmp_path):
    store = Store.open(home)
    Accounts(store).add_many([Account("sheng-lingdao", "省级领导查阅", "reader", "230000")])
    store.close()
    assert manage("--as", "sheng-lingdao", "scheme", "list", home=home).returncode == 0
    file = written(tmp_path / "new.toml", **HALVES, version="2026.9")
    for verb in (("check", file), ("import", file, "--reason", "试")):
        assert_mendable(manage("--as", "sheng-lingdao", "scheme", *verb, home=home), "不能修改方案")
    result = manage(
        "--as", "sheng-lingdao", "scheme", "use", "--cycle", 2026, *NAMED, "--reason", "试", home=home
    )
    assert_mendable(result, "不能决定年度用哪一版方案")
