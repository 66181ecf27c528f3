"""The commands as other programs call them: what stands on stdout, exit codes, and errors a person can mend."""

from __future__ import annotations

import json
import socket
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from data.demo import build_demo_home
from data.demo.answers import answers_of
from data.demo.units import demo_units
from data.fill import fill_workbook
from data.regions import load_regions, region_path
from data.register import build_register_template
from data.store import Store
from data.template import build_template
from scoring.scheme import load_scheme, shipped_schemes
from tests.commands import manage, manage_alone

SCHEME_PATH = shipped_schemes()["heilongjiang-2026"]
SCHEME = load_scheme(SCHEME_PATH)
UNITS = demo_units(4)


def document(result):
    """The one JSON document on stdout."""
    return json.loads(result.stdout)


def workbook(unit, *, cycle=2026, spoil=None):
    """A unit's workbook, filled in; `spoil` replaces answers."""
    template = build_template(SCHEME, cycle=cycle, unit=unit, region_path=region_path(unit.region))
    answers = answers_of(unit, scheme=SCHEME, cycle=cycle, first_cycle=cycle, seed=1)
    cells = {key: dict(answer.cells) for key, answer in answers.items()}
    return fill_workbook(template, cells | (spoil or {}))


@pytest.fixture
def home(new_home):
    """An open cycle with four units and nothing handed in."""
    store = Store.open(new_home)
    store.open_cycle(
        cycle=2026,
        scheme_path=SCHEME_PATH,
        opens_on=date(2026, 8, 1),
        deadline=datetime(2099, 10, 31, 23, 59, 59),
    )
    store.register_units(cycle=2026, units=UNITS)
    store.close()
    return new_home


def assert_mendable(result, *words):
    """Exit code 2 and one Chinese line on stderr, without a traceback."""
    assert result.returncode == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("错误：")
    for word in words:
        assert word in lines[0]


class TestImport:
    def test_all_in_is_exit_code_0(self, home, tmp_path):
        (tmp_path / "a.xlsx").write_bytes(workbook(UNITS[0]))
        result = manage_alone("import", tmp_path / "a.xlsx", "--cycle", 2026, "--json", home=home)
        assert result.returncode == 0, result.stderr
        got = document(result)
        assert set(got) == {"files", "accepted", "refused", "seconds"}
        assert (got["accepted"], got["refused"]) == (1, 0)
        assert set(got["files"][0]) == {"path", "sha256", "status", "unit", "problems"}
        assert got["files"][0]["unit"] == UNITS[0].code

    def test_some_refused_is_exit_code_1_and_names_the_cell(self, home, tmp_path):
        choice = next(i.id for i in SCHEME.indicators if i.type == "level")
        inbox = tmp_path / "inbox"
        inbox.mkdir()
        (inbox / "good.xlsx").write_bytes(workbook(UNITS[0]))
        (inbox / "vague.xlsx").write_bytes(workbook(UNITS[1], spoil={choice: {"value": "大概有"}}))
        result = manage_alone("import", inbox, "--cycle", 2026, "--json", home=home)
        assert result.returncode == 1, result.stderr
        files = {file["path"]: file for file in document(result)["files"]}
        assert files["good.xlsx"]["status"] in ("accepted", "warned")
        assert files["vague.xlsx"]["status"] == "refused"
        wrong = [p for p in files["vague.xlsx"]["problems"] if "大概有" in p["message"]]
        assert wrong and set(wrong[0]) == {"code", "severity", "sheet", "cell", "message"}
        assert wrong[0]["sheet"] == "自评表" and wrong[0]["cell"].startswith("E")

    def test_none_readable_is_exit_code_2_still_with_a_document(self, home, tmp_path):
        (tmp_path / "scan.xlsx").write_bytes(b"%PDF-1.7 not a workbook")
        result = manage_alone("import", tmp_path / "scan.xlsx", "--cycle", 2026, "--json", home=home)
        assert result.returncode == 2
        assert document(result)["refused"] == 1

    def test_a_zip_is_opened(self, home, tmp_path):
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for unit in UNITS[:2]:
                archive.writestr(f"{unit.name}.xlsx", workbook(unit))
        result = manage("import", tmp_path / "all.zip", "--cycle", 2026, "--json", home=home)
        assert (result.returncode, document(result)["accepted"]) == (0, 2)

    def test_the_same_file_again_changes_nothing(self, home, tmp_path):
        (tmp_path / "a.xlsx").write_bytes(workbook(UNITS[0]))
        arguments = ("import", tmp_path / "a.xlsx", "--cycle", 2026, "--json")
        manage(*arguments, home=home)
        assert document(manage(*arguments, home=home))["accepted"] == 1
        rows = document(manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=home))["rows"]
        assert sum(row["submitted"] for row in rows) == 1

    def test_without_json_the_problems_are_sentences(self, home, tmp_path):
        (tmp_path / "scan.xlsx").write_bytes(b"%PDF-1.7 not a workbook")
        result = manage("import", tmp_path / "scan.xlsx", "--cycle", 2026, home=home)
        assert "退回" in result.stdout and "scan.xlsx" in result.stdout

    def test_a_missing_path_is_said(self, home):
        assert_mendable(manage("import", "nowhere.xlsx", "--cycle", 2026, home=home), "nowhere.xlsx")

    def test_an_unknown_cycle_is_said_and_how_to_open_it(self, home, tmp_path):
        (tmp_path / "a.xlsx").write_bytes(b"")
        assert_mendable(manage("import", tmp_path / "a.xlsx", "--cycle", 2031, home=home), "2031", "cycle")


class TestScoresAndExplain:
    def test_scores_are_in_rank_order(self, demo_copy):
        result = manage_alone("scores", "--cycle", 2026, "--level", "prefecture", "--json", home=demo_copy)
        got = document(result)
        assert result.returncode == 0 and set(got) == {"cycle", "scheme", "rows"}
        assert {"code", "name", "score", "rank", "grade", "submitted", "registered"} <= set(got["rows"][0])
        ranks = [row["rank"] for row in got["rows"] if row["rank"] is not None]
        assert ranks == sorted(ranks) and len(got["rows"]) == 13

    def test_scores_of_units_cover_the_register(self, demo_copy):
        rows = document(manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy))[
            "rows"
        ]
        assert len(rows) == 60

    def test_explain_unit_adds_up(self, demo_copy):
        rows = document(manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy))[
            "rows"
        ]
        code = next(row["code"] for row in rows if row["score"])
        got = document(manage_alone("explain", "--cycle", 2026, "--unit", code, "--json", home=demo_copy))
        keys = (
            "unit",
            "cycle",
            "scheme",
            "score",
            "grade",
            "base",
            "systems",
            "terms",
            "deductions",
            "bonuses",
        )
        assert {*keys, "vetoes"} <= set(got)
        keys = (
            "indicator",
            "article",
            "points",
            "shares",
            "value",
            "stage",
            "attainment",
            "effective_weight",
        )
        assert {*keys, "gap"} <= set(got["terms"][0])
        assert got["base"] == pytest.approx(100 - sum(t["gap"] for t in got["terms"] if t["gap"]), abs=1e-9)

    def test_explain_region_adds_up(self, demo_copy):
        got = document(manage("explain", "--cycle", 2026, "--region", "230100", "--json", home=demo_copy))
        lost = sum(gap["gap"] for gap in got["gaps"]) + got["missing"] + got["deductions"] + got["veto"]
        assert 100 - got["score"] == pytest.approx(lost - got["bonus"] - got["clipped"], abs=1e-9)

    def test_a_table_for_people(self, demo_copy):
        result = manage_alone("scores", "--cycle", 2026, "--level", "prefecture", home=demo_copy)
        assert "名次" in result.stdout and "哈尔滨市" in result.stdout

    def test_unit_and_region_exclude_each_other(self, demo_copy):
        assert_mendable(manage("explain", "--cycle", 2026, home=demo_copy), "--unit", "--region")

    def test_an_unknown_unit_is_said(self, demo_copy):
        assert_mendable(manage("explain", "--cycle", 2026, "--unit", "X", home=demo_copy), "X")

    def test_an_error_with_json_is_one_document_too(self, demo_copy):
        result = manage_alone("explain", "--cycle", 2031, "--region", "230100", "--json", home=demo_copy)
        assert "2031" in document(result)["error"]
        assert_mendable(result, "2031")


class TestTemplatesAndRegister:
    def test_one_workbook_per_unit(self, home, tmp_path):
        result = manage_alone("templates", "--cycle", 2026, "--out", tmp_path / "out", home=home)
        assert result.returncode == 0 and f"{len(UNITS)} 份" in result.stdout
        assert len(list((tmp_path / "out").rglob("*.xlsx"))) == len(UNITS)

    def test_one_unit_only(self, home, tmp_path):
        manage("templates", "--cycle", 2026, "--out", tmp_path / "out", "--unit", UNITS[0].code, home=home)
        assert [UNITS[0].code in path.name for path in (tmp_path / "out").rglob("*.xlsx")] == [True]

    def test_an_unknown_unit_is_said(self, home, tmp_path):
        arguments = ("templates", "--cycle", 2026, "--out", tmp_path / "out", "--unit", "X")
        assert_mendable(manage(*arguments, home=home), "X")

    def test_a_register_goes_out_and_comes_back(self, home, tmp_path):
        path = tmp_path / "register.xlsx"
        result = manage_alone("register-template", "--out", path, "--cycle", 2026, home=home)
        assert result.returncode == 0 and path.exists()
        result = manage("register", path, "--cycle", 2026, home=home)
        assert result.returncode == 0 and f"{len(UNITS)} 个单位" in result.stdout

    def test_a_register_with_an_error_registers_nobody(self, home, tmp_path):
        wrong = [replace(demo_units(6)[5], code="11230000DM00000000"), demo_units(5)[4]]
        (tmp_path / "register.xlsx").write_bytes(build_register_template(SCHEME, load_regions(), units=wrong))
        result = manage_alone("register", tmp_path / "register.xlsx", "--cycle", 2026, home=home)
        assert result.returncode == 1 and "未登记" in result.stdout
        rows = document(manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=home))["rows"]
        assert len(rows) == len(UNITS)


class TestCyclesAndDemo:
    def test_a_cycle_is_opened_until_the_end_of_its_last_day(self, tmp_path):
        arguments = ("--cycle", 2027, "--opens", "2027-08-01", "--deadline", "2027-10-31")
        result = manage_alone("cycle", "open", *arguments, home=tmp_path / "home")
        assert result.returncode == 0 and "2027-10-31 23:59" in result.stdout

    def test_a_faulty_scheme_names_every_culprit(self, tmp_path):
        (tmp_path / "bad.toml").write_text('id = "x"\nwhat = 1\n', "utf-8")
        arguments = ("--cycle", 2027, "--opens", "2027-08-01", "--deadline", "2027-10-31")
        result = manage(
            "cycle", "open", *arguments, "--scheme", tmp_path / "bad.toml", home=tmp_path / "home"
        )
        assert result.returncode == 2 and "Traceback" not in result.stderr
        assert "bad.toml" in result.stderr and "what" in result.stderr

    def test_a_missing_scheme_is_said(self, tmp_path):
        arguments = ("--cycle", 2027, "--opens", "2027-08-01", "--deadline", "2027-10-31")
        result = manage("cycle", "open", *arguments, "--scheme", "no-such", home=tmp_path / "home")
        assert_mendable(result, "no-such", "heilongjiang-2026")

    def test_a_demo_is_not_built_over_data(self, home):
        assert_mendable(manage("demo", "--units", 5, home=home), "--home")
        result = manage("demo", "--units", 5, "--if-empty", home=home)
        assert result.returncode == 0

    def test_the_same_demo_has_the_same_scores(self, tmp_path):
        scores = []
        for name in ("a", "b"):
            build_demo_home(tmp_path / name, units=30, years=(2026,), seed=3)
            scores.append(
                manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=tmp_path / name).stdout
            )
        assert scores[0] == scores[1]

    def test_demo_builds_an_empty_folder(self, tmp_path):
        result = manage_alone("demo", "--units", 12, "--years", "2026", "--if-empty", home=tmp_path / "home")
        assert result.returncode == 0, result.stderr
        assert not (tmp_path / "home" / ".demo-part").exists()
        store = Store.open(tmp_path / "home")
        assert store.is_demo()
        store.close()

    def test_a_demo_never_replaces_kept_workbooks(self, demo_copy):
        (demo_copy / "assessment.duckdb").unlink()
        (demo_copy / "journal.jsonl").unlink()
        assert_mendable(manage("demo", "--units", 5, "--if-empty", home=demo_copy), "自评表")
        assert any((demo_copy / "workbooks").glob("*/*.xlsx"))

    def test_a_lost_database_comes_back_from_the_journal_and_the_workbooks(self, demo_copy):
        before = manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy)
        (demo_copy / "assessment.duckdb").unlink()
        assert manage("demo", "--units", 5, "--if-empty", home=demo_copy).returncode == 0
        after = manage("scores", "--cycle", 2026, "--level", "unit", "--json", home=demo_copy)
        assert after.stdout == before.stdout

    def test_years_are_checked(self, tmp_path):
        assert_mendable(manage("demo", "--years", "26", home=tmp_path / "home"), "--years")


class TestWhatGoesWrong:
    def test_a_locked_database_is_said(self, home):
        store = Store.open(home)
        try:
            assert_mendable(manage_alone("scores", "--cycle", 2026, "--level", "unit", home=home), "正被")
        finally:
            store.close()

    def test_an_unusable_home_is_said(self, tmp_path):
        (tmp_path / "file").write_text("", "utf-8")
        result = manage("scores", "--cycle", 2026, "--level", "unit", home=tmp_path / "file" / "home")
        assert_mendable(result, "file")

    def test_a_missing_option_is_said_in_chinese(self, home):
        assert_mendable(manage_alone("scores", "--level", "unit", home=home), "缺少", "--cycle")

    def test_a_wrong_value_is_said_in_chinese(self, home):
        assert_mendable(manage("scores", "--cycle", "x", "--level", "unit", home=home), "--cycle", "x")

    def test_an_unknown_command_is_said(self):
        assert_mendable(manage("frobnicate"), "frobnicate")

    def test_a_used_port_is_said(self, home):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            assert_mendable(manage_alone("serve", "--port", port, home=home), str(port), "--port")

    def test_help_is_chinese(self):
        text = manage_alone("--help").stdout
        assert "用法" in text and "Usage" not in text and "Show this message" not in text


def test_generated_pages_are_up_to_date():
    result = manage_alone("docs", "--check")
    assert result.returncode == 0, result.stdout
