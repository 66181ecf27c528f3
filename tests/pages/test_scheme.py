"""方案与权重: what a scheme says, editing into a new version with its faults, Excel and back, versions and their use."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from data.model import LOCAL
from data.scheme_sheet import to_scheme_sheet
from data.schemes import save_scheme, scheme_versions
from pages.components import state
from pages.components.access import whole_store
from scoring.scheme_edit import edited
from tests.pages.conftest import CYCLE, address, html_of
from tests.pages.test_roles import account

PARTS = ("content", "edit", "excel", "versions")
TOPICS = ("weights", "indicators", "findings", "rules")
TABLES = ("systems", "categories", "dimensions", "indicators", "levels", "findings", "grades", "rules")


def said(app) -> str:
    """Everything that the screen tells: its HTML, notices, warnings and errors."""
    notices = [*app.success, *app.warning, *app.error, *app.caption]
    return html_of(app) + "\n".join(notice.value for notice in notices)


def source(cycle: int = CYCLE) -> str:
    """The text of the scheme that a cycle uses."""
    kept = scheme_versions(whole_store())
    return next(row.source for row in kept.itertuples() if cycle in row.cycles)


def keys_of(app) -> set[str]:
    return {button.key for button in app.button}


def browser_types(app, edits: dict[int, dict[str, object]]):
    """One run with these cells typed into the editor, as the browser reports them."""
    widgets = app._tree.get_widget_states()
    typed = widgets.widgets.add()
    typed.id = editor_id(app)
    typed.string_value = json.dumps(
        {"edited_rows": {str(k): v for k, v in edits.items()}, "added_rows": [], "deleted_rows": []}
    )
    app._run(widgets)
    assert not app.exception, app.exception
    return app


def editor_id(app) -> str:
    return next(e.proto.id for e in app.dataframe if e.proto.editing_mode != 0)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(open_page, part):
    app = open_page("scheme", part=part)
    assert address(app, "part") == part
    assert "<h1>方案与权重</h1>" in html_of(app)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_opens(open_page, topic):
    app = open_page("scheme", part="content", topic=topic)
    assert address(app, "topic") == topic
    assert "nan" not in html_of(app)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_opens_unchanged(open_page, table):
    app = open_page("scheme", part="edit", table=table)
    assert "没有错误" in said(app)
    assert "edit_save" not in keys_of(app)


def test_indicators_are_filtered_together(open_page):
    html = html_of(open_page("scheme", part="content", topic="indicators", law=19, kind="organ"))
    assert "T19-01" in html
    assert "T14-01" not in html
    assert "有效权重" in html


def test_what_is_not_found_says_what_to_do(open_page):
    assert "请换一个词" in html_of(open_page("scheme", part="content", topic="indicators", q="没有这样的词"))


@pytest.mark.parametrize("role", ["reader", "unit", "county", "prefecture"])
def test_who_only_reads_is_offered_no_editing(open_page, role):
    open_page("scheme")
    visitor = account(role, whole_store())
    app = open_page("scheme", visitor=visitor, part="edit", cycle=CYCLE)
    assert address(app, "part") == "content"
    assert not {"edit_save", "excel_save", "use_scheme"} & keys_of(app)
    versions = open_page("scheme", visitor=visitor, part="versions", cycle=CYCLE)
    assert "保存的版本" in html_of(versions)
    assert "投入使用" not in html_of(versions)


def test_typing_shows_new_effective_weights_beside_the_old(open_page):
    app = open_page("scheme", part="edit", table="systems", by="system")
    browser_types(app, {0: {"weight": 0.7}, 1: {"weight": 0.3}})
    assert "70.00%" in html_of(app)
    assert "60.00%" in html_of(app)
    assert "已变" in html_of(app)


def test_a_fault_is_shown_at_its_table_and_keeps_from_saving(open_page):
    app = browser_types(open_page("scheme", part="edit", table="systems"), {0: {"weight": 0.7}})
    assert "使合计正好为 1" in html_of(app)
    assert "edit_save" not in keys_of(app)
    app.query_params["table"] = "grades"
    app.run()
    assert "另有错误在：责任制" in said(app)


def test_a_draft_survives_leaving_the_screen_and_can_be_thrown_away(open_page):
    browser_types(open_page("scheme", part="edit", table="indicators"), {0: {"points": 9}})
    app = open_page("scheme", part="edit", table="indicators")
    assert "共 1 处不同" in said(app)
    app.button(key="discard_scheme").click().run()
    app.button(key="discard_scheme_yes").click().run()
    assert "已放弃修改" in said(app)
    assert "edit_save" not in keys_of(app)


def test_saving_keeps_a_new_version_and_leaves_the_old_and_the_scores(open_page):
    app = browser_types(open_page("scheme", part="edit", table="indicators"), {0: {"points": 9}})
    before, version = source(), whole_store().cycle(CYCLE).version
    assert app.button(key="edit_save").disabled
    app.text_input(key="edit_reason").set_value("会议纪要第 3 号").run()
    app.button(key="edit_save").click().run()
    app.button(key="edit_save_yes").click().run()
    assert not app.exception
    assert "已另存为" in said(app)
    assert address(app, "part") == "versions"
    kept = scheme_versions(whole_store())
    assert "会议纪要第 3 号" in set(kept["reason"])
    assert source() == before
    assert whole_store().cycle(CYCLE).version == version
    new = kept[kept["reason"] == "会议纪要第 3 号"].iloc[0]
    assert list(new["cycles"]) == []
    assert new["source"] == edited(
        before, {"indicators": {"T14-01": {"points": 9.0}}, "version": new["version"]}
    )


def test_a_draft_handed_over_opens_in_the_editor(open_page):
    app = open_page("scheme")
    cycle = whole_store().cycle(CYCLE)
    app.session_state[state.MEMORY][state.KEPT + "scheme_draft"] = {
        "base": [cycle.scheme_id, cycle.version],
        "changes": {"systems": {"national_security": 0.5, "peaceful_province": 0.5}, "points": {"T14-01": 4}},
    }
    app.run()
    assert not app.exception
    assert address(app, "part") == "edit"
    assert "共 3 处不同" in said(app)


@pytest.fixture
def with_version(open_page):
    """with_version(changes) keeps a changed copy of the cycle's scheme; returns its version."""
    open_page("scheme")

    def keep(changes: dict, version: str = "试.1") -> str:
        save_scheme(
            whole_store(), edited(source(), {**changes, "version": version}), reason="试用", actor=LOCAL
        )
        return version

    return keep


def test_putting_a_version_to_use_says_its_consequences_and_changes_the_scores(open_page, with_version):
    version = with_version(
        {"systems": {"national_security": {"weight": 0.9}, "peaceful_province": {"weight": 0.1}}}
    )
    name = f"{whole_store().cycle(CYCLE).scheme_id} {version}"
    scores = dict(score_rows())
    app = open_page("scheme", part="versions", version=name, cycle=CYCLE)
    assert app.button(key="use_scheme").disabled
    app.text_input(key="use_reason").set_value("核定").run()
    app.button(key="use_scheme").click().run()
    assert "立即按新版本重算" in html_of(app)
    app.button(key="use_scheme_yes").click().run()
    assert not app.exception
    assert whole_store().cycle(CYCLE).version == version
    assert dict(score_rows()) != scores


def score_rows() -> list[tuple]:
    store = whole_store()
    store.refresh(CYCLE)
    return store.rows(
        "select unit, score from result_unit_score where cycle = $cycle and basis = 'composite' and score is not null",
        cycle=CYCLE,
    )


def test_other_questions_cannot_be_put_to_use_once_sheets_are_in(open_page, with_version):
    version = with_version({"indicators": {"T14-01": {"question": "另一个问题？"}}})
    name = f"{whole_store().cycle(CYCLE).scheme_id} {version}"
    app = open_page("scheme", part="versions", version=name, cycle=CYCLE)
    assert "T14-01" in "".join(e.value for e in app.error)
    assert app.button(key="use_scheme").disabled


def workbook(changes: dict[tuple[str, str], object]) -> bytes:
    """The cycle's scheme as a workbook with cells changed: (sheet, cell) → value."""
    book = openpyxl.load_workbook(io.BytesIO(to_scheme_sheet(whole_store().scheme(CYCLE))))
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(app, name: str, content: bytes):
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception, app.exception
    return app


def test_an_unchanged_workbook_has_no_differences(open_page):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    upload(app, "方案.xlsx", workbook({}))
    assert "两者内容相同" in said(app)


def test_a_changed_workbook_shows_its_differences_and_can_be_kept(open_page):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    upload(app, "方案.xlsx", workbook({("责任制", "C2"): 0.7, ("责任制", "C3"): "30%"}))
    assert "共 2 处不同" in said(app)
    app.text_input(key="excel_reason").set_value("协商结果").run()
    app.button(key="excel_save").click().run()
    app.button(key="excel_save_yes").click().run()
    assert "已另存为" in said(app)
    assert "协商结果" in set(scheme_versions(whole_store())["reason"])


@pytest.mark.parametrize(
    ("changes", "cell", "words"),
    [
        ({("责任制", "C2"): 0.7}, "C2", "使合计正好为 1"),
        ({("责任制", "C2"): "很多"}, "C2", "应为一个数"),
        ({("指标", "D2"): -1}, "D2", "应大于 0"),
        ({("指标", "A2"): "T99-99"}, "A2", "方案中没有"),
        ({("规则", "B2"): "二"}, "B2", "应为整数"),
    ],
)
def test_a_faulty_workbook_is_refused_by_cell(open_page, changes, cell, words):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    upload(app, "方案.xlsx", workbook(changes))
    html = html_of(app)
    assert f'<td class="">{cell}</td>' in html or f">{cell}<" in html
    assert words in html
    assert "excel_save" not in keys_of(app)


def test_another_years_scheme_file_is_compared_and_can_be_kept(open_page):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    text = edited(source(), {"id": "other-province-2027", "version": "1", "title": "另一省方案"})
    upload(app, "other.toml", text.encode())
    assert "另一省方案" in html_of(app)
    app.text_input(key="file_reason").set_value("参考").run()
    app.button(key="file_save").click().run()
    app.button(key="file_save_yes").click().run()
    assert "other-province-2027" in set(scheme_versions(whole_store())["scheme_id"])


def test_a_faulty_scheme_file_names_every_field(open_page):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    text = edited(source(), {"indicators": {"T14-01": {"points": -3}}, "rules": {"veto_cap": 200}})
    upload(app, "方案.toml", text.encode())
    html = html_of(app)
    assert "应大于 0" in html
    assert "一票否决封顶分" in html
    assert "file_save" not in keys_of(app)


def test_a_file_that_is_none_is_told_in_chinese(open_page):
    app = open_page("scheme", part="excel", cycle=CYCLE)
    upload(app, "方案.toml", b"\xff\xfe\x00")
    assert "不是 UTF-8" in "".join(e.value for e in app.error)
