"""The workbook read back, cell by cell, against the queries asked anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from data import queries
from data.model import Scope
from meeting.book import KIND, PARTS, make_sheets
from meeting.material import NothingToReport, gather
from tests.meeting.book_reading import alike, closing_row, plain, read_book, read_table
from tests.meeting.conftest import LIVE, NOW

REGION = {
    "rank": "名次", "name": "地区", "code": "行政区划代码", "score": "得分", "score_exact": "得分（未舍入）",
    "grade_name": "等次", "by_score_name": "按得分的等次", "reason_name": "等次由来", "registered": "登记单位",
    "submitted": "已提交", "on_time": "按时提交", "scored": "已评分", "submission_rate": "提交率", "on_time_rate": "按时率",
    "low": "区间下限", "high": "区间上限", "verified_share": "核定比例", "self_score": "自评得分", "self_inflation": "自评偏差",
    "missing": "未提交失分", "deductions": "扣分", "veto": "一票否决失分", "bonus": "加分", "clipped": "封顶保底",
}  # fmt: skip
UNIT = {
    "name": "单位", "code": "统一社会信用代码", "region_path": "所在地区", "category_name": "单位类别", "tags": "职能标签",
    "state_name": "状态", "score": "得分", "score_exact": "得分（未舍入）", "rank": "类别内名次", "peers": "同类单位",
    "grade_name": "等次", "by_score_name": "按得分的等次", "reason_name": "等次由来", "grade_note": "省级另定理由",
    "grade_document": "另定文号", "self_score": "自评得分", "self_inflation": "自评偏差", "na_share": "不适用占比",
    "verified_share": "核定比例", "is_late": "逾期提交", "has_veto": "一票否决", "submitted_at": "提交时间",
}  # fmt: skip
GAP = {
    "label": "指标", "key": "指标编号", "article": "条文", "place": "依据", "dimension_name": "考核维度", "gap": "失分",
    "attainment": "得分率", "units_short": "未得满分单位", "units": "适用单位",
}  # fmt: skip
FINDING = {
    "unit_name": "单位", "unit": "统一社会信用代码", "region_path": "所在地区", "category_name": "单位类别", "kind_name": "类型",
    "finding_name": "认定事项", "place": "依据", "state_name": "办理状态", "on_date": "认定日期", "document": "文号",
    "deadline": "改正期限", "days_left": "距期限（天）", "is_overdue": "认定逾期", "is_aggravated": "从重", "points": "方案分值",
    "factor": "倍数", "applied": "计入分值", "indicator_title": "对应指标", "ordered": "责令内容", "note": "说明",
}  # fmt: skip
TASK = {
    "task": "任务编号", "name": "单位", "unit": "统一社会信用代码", "region_path": "所在地区", "source_name": "来源",
    "title": "事项", "place": "依据", "found": "发现的问题", "required": "整改要求", "document": "文号",
    "office": "下达机关所在地区", "issued_on": "下达日期", "deadline": "整改期限", "state_name": "状态", "is_overdue": "逾期",
    "days_overdue": "逾期天数", "answered_at": "最近报送", "rounds": "报送次数", "closed_on": "销号日期",
}  # fmt: skip
RATE = {
    "name": "地区", "code": "行政区划代码", "given_out": "下达", "done": "已销号", "answered": "待复查", "waiting": "待单位整改",
    "overdue": "逾期", "in_time": "按期销号", "closing_rate": "销号率", "in_time_rate": "按期率",
    "median_days": "销号用时中位数（天）",
}  # fmt: skip
GRADED = {
    "level_name": "对象", "place": "所在地区", "name": "名称", "code": "代码", "group_name": "类别", "score": "得分",
    "rank": "名次", "by_score_name": "按得分的等次", "grade_name": "最终等次", "reason_name": "由来", "why": "说明",
}  # fmt: skip


@pytest.fixture(scope="module")
def built():
    """Workbooks that were made, by what they are about; each is made once."""
    return {}


@pytest.fixture
def book(material, built):
    """The whole workbook of the material, formulas as formulas; for reading."""
    about = (material.cycle, material.region, material.level)
    if about not in built:
        built[about] = read_book(KIND.build(material, parts=PARTS, home=Path()))
    return built[about]


def _named(frame: pd.DataFrame, titles: dict[str, str]) -> dict[str, pd.Series]:
    frame = frame.assign(
        **{"region_path": frame["region_path"].str.removeprefix("黑龙江省/")}
        if "region_path" in frame
        else {}
    )
    return {title: frame[name] for name, title in titles.items()}


def _placed(material, frame: pd.DataFrame, titles: dict[str, str]) -> dict[str, pd.Series]:
    """Columns of regions; counties of the whole province with their prefecture."""
    expected = _named(frame, titles)
    if material.level == "county" and material.parent is None:
        tree = queries.region_tree(material.reading).set_index("code")
        parents = [
            "" if code == "230000" else tree.loc[tree.loc[code, "parent"], "name"] for code in frame["code"]
        ]
        expected["所属"] = parents
        expected["地区全称"] = [p + n for p, n in zip(parents, frame["name"], strict=True)]
    return expected


def test_every_cell_about_regions_is_what_the_queries_say(material, book):
    live, where = material.reading, {"level": material.level, "parent": material.parent}
    rows = queries.region_scores(live, cycle=material.cycle, **where)
    rows = rows[rows["registered"] > 0]
    alike(read_table(book["地区排名"]), _placed(material, rows, REGION))

    ranks = queries.system_ranks(live, cycle=material.cycle, **where)
    ranks = ranks[ranks["rank"].notna()]
    titles = {
        "rank": "综合名次",
        "name": "地区",
        "score": "综合得分",
        "rank_shift": "名次之差",
        "reason": "为何不同",
    }
    for system in live.scheme(material.cycle).systems:
        titles |= {f"score_{system.id}": f"{system.name}得分", f"rank_{system.id}": f"{system.name}名次"}
    alike(read_table(book["两个责任制"]), _placed(material, ranks, titles))

    shares = queries.grade_shares(live, cycle=material.cycle, **where)
    own = queries.grade_counts(live, cycle=material.cycle, region=material.region)
    own = own.assign(code=material.region or "230000", name=f"{material.name}（全部）")
    shares = pd.concat([own, shares[shares["code"].isin(rows["code"])]])
    keys = list(dict.fromkeys(zip(shares["code"], shares["name"], strict=True)))
    cells = {(row["code"], row["name"], row["grade_name"]): row for row in shares.to_dict("records")}
    expected = {}
    for grade in own["grade_name"]:
        expected[f"{grade}（家）"] = [cells[(*key, grade)]["units"] for key in keys]
        expected[f"{grade}占比"] = [cells[(*key, grade)]["share"] for key in keys]
    frame = pd.DataFrame(keys, columns=["code", "name"])
    expected["登记单位"] = [sum(cells[(*key, grade)]["units"] for grade in own["grade_name"]) for key in keys]
    expected |= _placed(material, frame, {"code": "行政区划代码", "name": "地区"})
    alike(read_table(book["等次"]), expected)

    rates = queries.task_rates(live, cycle=material.cycle, today=material.today, **where)
    if rates["given_out"].sum():
        alike(read_table(book["整改"]), _placed(material, rates, RATE))
    else:
        assert "整改" not in book.sheetnames


def test_every_cell_about_lost_points_is_what_the_queries_say(material, book):
    live, cycle, region = material.reading, material.cycle, material.region
    where = {"level": material.level, "parent": material.parent}
    dimensions = queries.region_dimensions(live, cycle=cycle, region=region)
    titles = {"dimension_name": "考核维度", "attainment": f"{material.name}得分率"}
    if region:
        titles["province_mean"] = "全省得分率"
    alike(read_table(book["维度得分率"]), _named(dimensions, titles))
    alike(read_table(book["指标失分"]), _named(queries.region_gaps(live, cycle=cycle, region=region), GAP))
    for by, sheets in {
        "dimension": {"失分矩阵": {"attainment": "{}得分率", "gap": "{}失分"}},
        "article": {
            "失分矩阵按条文（得分率）": {"attainment": "{}"},
            "失分矩阵按条文（失分）": {"gap": "{}"},
        },
    }.items():
        matrix = queries.gap_matrix(live, cycle=cycle, by=by, **where)
        keys = matrix[["code", "name"]].drop_duplicates()
        for sheet, measures in sheets.items():
            expected = _placed(material, keys, {"code": "行政区划代码", "name": "地区"})
            for measure, title in measures.items():
                for label, part in matrix.groupby("label"):
                    known = dict(zip(part["code"], part[measure], strict=True))
                    expected[title.format(label)] = [known.get(code) for code in keys["code"]]
            alike(read_table(book[sheet]), expected)
    steps = queries.waterfall(live, cycle=cycle, region=region)
    alike(
        read_table(book["失分分解"]),
        _named(steps.iloc[:-1], {"label": "去向", "printed": "分", "value": "未舍入"}),
    )


def test_every_cell_about_units_is_what_the_queries_say(material, book):
    live, cycle, region = material.reading, material.cycle, material.region
    units = queries.units(live, cycle=cycle, region=region)
    empty = {name for name in ("grade_note", "grade_document") if units[name].isna().all()}
    alike(
        read_table(book["单位名单"]), _named(units, {k: title for k, title in UNIT.items() if k not in empty})
    )
    missing = queries.missing_units(live, cycle=cycle, region=region)
    assert ("未提交单位" in book.sheetnames) == bool(len(missing))
    if len(missing):
        titles = {k: UNIT[k] for k in ("name", "code", "region_path", "category_name")}
        alike(read_table(book["未提交单位"]), _named(missing, titles | {"was_refused": "曾被退回"}))
    table = read_table(book["单位与指标"])
    for row in table.sample(min(8, len(table)), random_state=3).to_dict("records"):
        terms = queries.unit_terms(live, cycle=cycle, unit=row["统一社会信用代码"])
        own = {r.indicator: r.attainment for r in terms.itertuples() if r.state != "not_applicable"}
        shown = {t.split()[0]: plain(v) for t, v in row.items() if " " in t and v is not None}
        assert shown and shown == {k: plain(v) for k, v in own.items() if k in shown}
    submitted = units[units["submitted_at"].notna()]
    terms = queries.units_terms(live, cycle=cycle, units=submitted["code"].tolist())
    shown = table[[title for title in table.columns if " " in title]].to_numpy().ravel()
    assert sorted(plain(v) for v in shown if v is not None) == sorted(plain(v) for v in terms["attainment"])


def test_every_cell_about_the_course_is_what_the_queries_say(material, book):
    live, cycle, region = material.reading, material.cycle, material.region
    findings = queries.findings(live, cycle=cycle, region=region, today=material.today)
    findings = findings[findings["is_standing"]]
    assert ("认定事项" in book.sheetnames) == bool(len(findings))
    if len(findings):
        alike(read_table(book["认定事项"]), _named(findings, FINDING))
    tasks = queries.tasks(live, cycle=cycle, region=region, today=material.today)
    assert ("整改任务" in book.sheetnames) == bool(len(tasks))
    if len(tasks):
        alike(read_table(book["整改任务"]), _named(tasks, TASK))
    level = queries.graded(live, cycle=cycle, level=material.level)
    level = level[level["code"].isin(material.regions["code"]) & level["is_changed"]]
    units = queries.graded(live, cycle=cycle, level="unit", region=region)
    changed = pd.concat(
        [level.assign(level_name="地区"), units[units["is_changed"]].assign(level_name="单位")]
    )
    assert ("等次变化" in book.sheetnames) == bool(len(changed))
    if len(changed):
        alike(read_table(book["等次变化"]), _named(changed, GRADED))


def test_every_cell_about_the_year_before_is_what_the_queries_say(material, book):
    live, cycle, region, before = material.reading, material.cycle, material.region, material.before
    if before is None:
        assert not {"年度变化", "变化分解", "指标变化"} & set(book.sheetnames)
        return
    asked = {"cycle": cycle, "before": before}
    moves = queries.region_moves(live, **asked, level=material.level, parent=material.parent)
    words = {"both": "", "new": "新登记", "gone": "已不在名册", "no_score": "缺一年得分"}
    titles = {
        "name": "地区", "code": "行政区划代码", "score_before": f"{before} 年得分", "score_now": f"{cycle} 年得分",
        "moved": "变动", "change": "变动（未舍入）", "rank_before": f"{before} 年名次", "rank_now": f"{cycle} 年名次",
        "rank_change": "位次上升", "state": "状态", "causes": "变动的主要去向",
    }  # fmt: skip
    alike(
        read_table(book["年度变化"]),
        _placed(material, moves.assign(state=moves["status"].map(words)), titles),
    )
    bridge = queries.bridge(live, **asked, region=region)
    assert ("变化分解" in book.sheetnames) == bool(len(bridge))
    if len(bridge):
        titles = {"label": "去向", "printed": "分", "value": "未舍入", "note": "说明"}
        alike(read_table(book["变化分解"]), _named(bridge.iloc[:-1], titles))
        single = queries.moves(live, **asked, region=region, by="indicator")
        only = single["presence"].map(
            {"both": "两年都有", "before": f"仅 {before} 年", "now": f"仅 {cycle} 年"}
        )
        titles = {
            "label": "指标或去向", "article": "条文", "change": "使得分变动", "gap_before": f"{before} 年失分",
            "gap_now": f"{cycle} 年失分", "attainment_before": f"{before} 年得分率", "attainment_now": f"{cycle} 年得分率",
            "by_attainment": "因得分率", "by_weight": "因权重", "only": "方案", "note": "说明",
        }  # fmt: skip
        alike(read_table(book["指标变化"]), _named(single.assign(only=only), titles))


def test_what_is_printed_adds_up_and_closing_rows_are_formulas_with_values(material, book):
    content = KIND.build(material, parts=("losses", "ranking"), home=Path())
    computed = read_book(content, is_computed=True)
    closing = closing_row(computed["失分分解"])
    assert closing[0] == "得分" and closing[1] == material.summary["score"]
    assert closing[2] == pytest.approx(material.summary["score_exact"], abs=1e-9)
    assert str(closing_row(book["失分分解"])[1]).startswith("=ROUND(SUM(")
    table, sums = read_table(computed["指标失分"]), closing_row(computed["指标失分"])
    assert sums[5] == pytest.approx(sum(table["失分"]), abs=1e-9)
    for at, title in enumerate(read_table(computed["地区排名"]).columns):
        if title in ("登记单位", "已提交", "按时提交", "已评分"):
            assert closing_row(book["地区排名"])[at].startswith("=SUBTOTAL(109,")
            assert closing_row(computed["地区排名"])[at] == material.regions[_key(title)].sum()


def _key(title: str) -> str:
    return next(name for name, shown in REGION.items() if shown == title)


def test_every_sheet_can_be_filtered_scrolled_and_printed(material, book):
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert material.stamp in sheet.oddFooter.left.text and "&P" in sheet.oddFooter.right.text
        if sheet.title == "图表":
            continue
        left, top, _, bottom = range_boundaries(sheet.auto_filter.ref)
        assert left == 1 and sheet.cell(top - 1, 1).value
        assert int("".join(filter(str.isdigit, sheet.freeze_panes))) == top + 1
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_area
        # below the filter stands at most the closing row
        assert all(cell.value is None for row in sheet.iter_rows(min_row=bottom + 2) for cell in row)
    assert book.properties.creator in (None, "") and book.properties.lastModifiedBy in (None, "")


def test_numbers_carry_formats_codes_are_text_and_dates_are_dates(book):
    formats = {"得分率": "0.0%", "占比": "0.0%", "提交率": "0.0%", "失分": "0.000", "自评偏差": "+0.00;-0.00;0.00", "提交时间": "yyyy-mm-dd hh:mm",
               "得分（未舍入）": "0.0000", "认定日期": "yyyy-mm-dd", "行政区划代码": "@", "统一社会信用代码": "@"}  # fmt: skip
    seen = set()
    for sheet in book.worksheets:
        if not sheet.auto_filter.ref:
            continue
        _, top, right, bottom = range_boundaries(sheet.auto_filter.ref)
        for column in range(1, right + 1):
            title = str(sheet.cell(top, column).value).replace("\n", "")
            if title in formats:
                cells = [sheet.cell(row, column) for row in range(top + 1, bottom + 1)]
                assert {cell.number_format for cell in cells} == {formats[title]}, (sheet.title, title)
                seen.add(title)
    assert len(seen) >= 7


def test_charts_point_at_the_cells_of_their_table(material, book):
    sheets, _ = make_sheets(material, PARTS)
    drawn = {chart.title: (sheet, chart) for sheet in sheets for chart in sheet.charts}
    seen = 0
    for worksheet in book.worksheets:
        for chart in worksheet._charts:
            for series in chart.series:
                name, cells = series.cat.strRef.f.rsplit("!", 1)
                source = book[name.strip("'")]
                labels = [cell.value for row in source[cells.replace("$", "")] for cell in row]
                values = series.val.numRef.f.rsplit("!", 1)[1].replace("$", "")
                column, _, _, last = range_boundaries(values)
                _, first, _, _ = range_boundaries(values)
                _, top, _, bottom = range_boundaries(source.auto_filter.ref)
                assert top < first <= last <= bottom + 1
                assert all(isinstance(label, str) and label for label in labels)
                assert source.cell(top, column).value
                seen += 1
    pieces = [chart for sheet, _ in drawn.values() for chart in sheet.charts]
    assert seen >= len(pieces) > 0


def test_contents_lead_to_every_sheet_and_say_what_is_left_out(material, book):
    table = read_table(book["说明"])
    assert set(table["工作表"]) == set(book.sheetnames) - {"说明"}
    links = {cell.hyperlink.location for row in book["说明"].iter_rows() for cell in row if cell.hyperlink}
    assert {link.split("!")[0].strip("'") for link in links} == set(table["工作表"])
    lines = KIND.outline(material, PARTS)
    for row in table.dropna(subset=["行数"]).to_dict("records"):
        assert any(line.startswith(f"{row['工作表']}：{row['行数']:,} 行") for line in lines)
    heading = " ".join(str(book["说明"].cell(row, 1).value) for row in range(1, 8))
    assert material.stamp in heading
    for line in lines:
        if line.startswith("不含"):
            assert line.removeprefix("不含").split("：")[0] in heading


def test_the_outline_counts_what_the_sheets_hold(material):
    sheets, left_out = make_sheets(material, PARTS)
    charts = [f"，{len(sheet.charts)} 张图" if sheet.charts else "" for sheet in sheets]
    said = [
        f"{sheet.name}：{len(sheet.rows):,} 行{drawn}" for sheet, drawn in zip(sheets, charts, strict=True)
    ]
    _, *lines = KIND.outline(material, PARTS)
    assert lines[: len(sheets)] == said
    assert lines[len(sheets) + 1 :] == [f"不含{name}：{why}" for name, why in left_out.items()]


def test_before_the_deadline_nothing_is_ranked_or_graded(meeting_store):
    with gather(
        meeting_store, cycle=LIVE, now=meeting_store.cycle(LIVE).deadline - timedelta(days=1)
    ) as early:
        book = read_book(KIND.build(early, parts=PARTS, home=Path()))
    titles = {
        title for sheet in book.worksheets if sheet.auto_filter.ref for title in read_table(sheet).columns
    }
    assert not [title for title in titles if "名次" in title or "等次" in title or "位次" in title]
    assert "地区排名" not in book.sheetnames and "等次" not in book.sheetnames
    rates = read_table(book["地区提交情况"])["提交率"]
    assert list(rates) == sorted(rates, reverse=True)
    assert "截止前不排名次" in str(book["说明"]["A3"].value)
    codes = list(read_table(book["单位名单"])["所在地区"])
    assert codes and "目前得分" in titles


def test_chosen_parts_alone_are_in_the_file_and_progress_ends_whole(meeting_store):
    heard = []
    with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
        content = KIND.build(
            material, parts=("grades",), home=Path(), progress=lambda done, total: heard.append((done, total))
        )
        again = KIND.build(material, parts=("grades",), home=Path())
        with pytest.raises(NothingToReport, match="所选的内容"):
            KIND.build(material, parts=(), home=Path())
    assert set(read_book(content).sheetnames) <= {"说明", "等次", "等次变化", "方法"}
    assert heard[-1][0] == heard[-1][1] and [d / t for d, t in heard] == sorted(d / t for d, t in heard)
    assert content == again


def test_the_workbook_of_a_prefectures_office_holds_its_own_units_only(meeting_store):
    office = meeting_store.seen_by(Scope("230100"))
    with gather(office, cycle=LIVE, now=NOW) as material:
        book = read_book(KIND.build(material, parts=PARTS, home=Path()))
        units = queries.units(office, cycle=LIVE)
    assert 0 < len(units) == len(read_table(book["单位名单"]))
    assert set(read_table(book["单位名单"])["统一社会信用代码"]) == set(units["code"])


def test_hostile_and_long_names_stay_text(meeting_store):
    hostile = ['=HYPERLINK("http://example.invalid","x")', "<b>&{{ x }}", "名" * 60, "😀\x02"]
    with gather(meeting_store, cycle=LIVE, region="230100", now=NOW) as material:
        names = [hostile[at % len(hostile)] for at in range(len(material.units))]
        vars(material)["units"] = material.units.assign(name=names)
        sheet = read_book(KIND.build(material, parts=("units",), home=Path()))["单位名单"]
    assert list(read_table(sheet)["单位"]) == [name.replace("\x02", "") for name in names]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_sheets_of_two_years_have_the_decimals_of_the_finer_one(material, monkeypatch):
    monkeypatch.setattr(type(material), "decimals_of_years", 3)
    made, _ = make_sheets(material, ("trend", "ranking", "losses"))
    kept = {sheet.name: sheet.decimals for sheet in made}
    assert {kept.pop(name, 3) for name in ("年度变化", "变化分解")} == {3}
    assert set(kept.values()) <= {None, material.decimals}
