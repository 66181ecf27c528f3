"""One unit through a whole year, with evaluators of county, prefecture and province each in a browser session of their own."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from access.accounts import Account, Accounts
from data.course.publications import publications
from data.demo.units import demo_units
from data.fill import fill_workbook
from data.intake import take_in
from data.layout import is_fraction
from data.regions import region_path, regions_by_code
from data.store import Store
from data.template import build_template
from data.verify import verify
from scoring.scheme import Indicator, Scheme, shipped_schemes
from tests.browser.conftest import AS_FIRST
from tests.browser.running import serve, settle

pytestmark = pytest.mark.browser

CYCLE = 2026
COUNTY, PREFECTURE, PROVINCE = "230102", "230100", "230000"
PASSWORD = "Chang-baishan88"
CHANGED, NOT_APPLICABLE = "T15-01", "T17-01"
PEOPLE = {
    "county": Account("daoli", "示例区考核岗", "county", COUNTY),
    "prefecture": Account("haerbin", "示例市考核岗", "prefecture", PREFECTURE),
    "province": Account("sheng", "示例省考核岗", "province", PROVINCE),
    "reader": Account("lingdao", "示例领导查阅", "reader", PROVINCE),
}


def best(indicator: Indicator) -> dict[str, Any]:
    """The answer that earns full marks, as typed."""
    if is_fraction(indicator):
        value = {"numerator": 4, "denominator": 4}
    elif indicator.type == "ratio":
        value = {"value": "100%"}
    elif indicator.type == "count":
        value = {"value": indicator.target}
    elif indicator.type == "date":
        value = {"value": f"{indicator.window.dates(CYCLE)[0]:%Y年%m月%d日}"}
    else:
        value = {"value": max(indicator.choices, key=indicator.choices.get)}
    return value | {"evidence": f"示例发〔2026〕{indicator.place.article}号"}


class Year:
    """A register of six units in one county, five of which have handed in."""

    def __init__(self, home: Path):
        self.home = home
        with closing(Store.open(home)) as store:
            yesterday = datetime.combine(date.today(), datetime.min.time()) - timedelta(seconds=1)
            store.open_cycle(
                cycle=CYCLE,
                scheme_path=shipped_schemes()["heilongjiang-2026"],
                opens_on=date(2026, 8, 1),
                deadline=yesterday,
            )
            others = [u for u in demo_units(600) if u.category == "other"][:6]
            self.units = [type(u)(u.code, u.name, COUNTY, u.category, ()) for u in others]
            store.register_units(cycle=CYCLE, units=self.units)
            self.unit = self.units[0]
            self.scheme: Scheme = store.scheme(CYCLE)
            self.asked = self.scheme.indicators_for(category="other", tags=())
            for unit in self.units[1:]:
                take_in(store, filename=f"{unit.name}.xlsx", content=self.workbook(unit), cycle=CYCLE)
            accounts = Accounts(store)
            people = [
                *PEOPLE.values(),
                Account("danwei", self.unit.name, "unit", COUNTY, unit=self.unit.code),
            ]
            for account in people:
                initial = accounts.add(account)
                assert not accounts.set_password(account.account, old=initial, new=PASSWORD, origin="")

    def workbook(self, unit, **changed: dict[str, Any]) -> bytes:
        """The unit's workbook, everything at its best but what is changed."""
        blank = build_template(self.scheme, cycle=CYCLE, unit=unit, region_path=region_path(unit.region))
        answers = {i.id: best(i) for i in self.asked}
        return fill_workbook(blank, answers | {key.replace("_", "-"): v for key, v in changed.items()})


class Desk:
    """One person at a browser of their own."""

    def __init__(self, browser, url: str, account: str):
        self.context = browser.new_context(base_url=url, locale="zh-CN", accept_downloads=True, **AS_FIRST)
        self.page = self.context.new_page()
        self.page.goto("/login")
        self.page.fill("#account", account)
        self.page.fill("#password", PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        settle(self.page)

    def open(self, path: str) -> Desk:
        """Go to a screen."""
        self.page.goto(path)
        settle(self.page)
        return self

    @property
    def text(self) -> str:
        """What the screen says."""
        settle(self.page)
        return self.page.inner_text("[data-testid=stMain]")

    def write(self, label: str, text: str) -> None:
        """Type into the field of this label, and leave it."""
        field = self.page.get_by_role("textbox", name=re.compile(label)).first
        field.fill(text)
        field.press("Tab")
        settle(self.page)

    def press(self, button: str, *, then: str | None = None, says: str | None = None) -> None:
        """Press a button; in the dialog that opens press `then`; wait until the screen says so."""
        self.page.get_by_role("button", name=re.compile(button)).first.click()
        if then:
            answer = self.page.get_by_role("dialog").get_by_test_id("stBaseButton-primary")
            answer.filter(has_text=then).click()  # not the cross that has the name 关闭
        if says:
            self.page.get_by_text(says).first.wait_for()
        settle(self.page)

    def rule(self, button: str, *, item: str, mark: str) -> None:
        """Press a button of the ruling on an item; wait until the list of items marks it: leaving earlier would lose it."""
        self.page.get_by_role("button", name=re.compile(button)).first.click()
        marked = re.compile(rf"^{mark}\s+{item}")
        self.page.locator(".st-key-item_list").get_by_text(marked).first.wait_for()
        settle(self.page)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list by typing it, as one does with the keyboard."""
        settle(self.page)
        box = self.page.get_by_role("combobox", name=re.compile(label)).first
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=re.compile(re.escape(option))).first.wait_for()
        box.press("Enter")
        self.page.keyboard.press("Escape")
        settle(self.page)


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> Year:
    return Year(tmp_path_factory.mktemp("year") / "home")


def test_one_unit_goes_through_the_whole_year(browser, year, tmp_path):
    unit, review = year.unit, f"/review?cycle={CYCLE}&part=queue&unit={year.unit.code}"
    with serve(year.home, log=tmp_path / "server.log") as url:
        county, prefecture, province, reader, itself = (
            Desk(browser, url, account) for account in ("daoli", "haerbin", "sheng", "lingdao", "danwei")
        )

        # the unit hands in: one duty it calls not applicable, the rest at its best
        first = year.workbook(
            unit, **{NOT_APPLICABLE.replace("-", "_"): claim_of(year.scheme.by_id[NOT_APPLICABLE])}
        )
        hand_in(itself, tmp_path / "自评表.xlsx", first)

        # county: looks at it and sends it back
        assert unit.name in county.open(f"/review?cycle={CYCLE}&part=queue").text
        county.open(review)
        county.write("退回说明", "第十五条的佐证材料请补充文号")
        county.press("^.*退回补正$", then="退回", says="已退回补正")
        assert "第十五条的佐证材料请补充文号" in itself.open("/home").text
        second = year.workbook(
            unit,
            **{
                NOT_APPLICABLE.replace("-", "_"): claim_of(year.scheme.by_id[NOT_APPLICABLE]),
                CHANGED.replace("-", "_"): best(year.scheme.by_id[CHANGED])
                | {"evidence": "示例发〔2026〕315号"},
            },
        )
        hand_in(itself, tmp_path / "补正后的自评表.xlsx", second)

        # county: one value changed with a reason, one 不适用 not accepted, the rest confirmed
        county.open(f"{review}&item={CHANGED}")
        county.choose("新的核定值", "已公布举报方式")
        county.write("调整的理由", "只见公布照片，未见报告流程文件")
        county.rule("^.*调整", item=CHANGED, mark="△")
        county.open(f"{review}&item={CHANGED}")
        assert "只见公布照片" in county.text
        county.open(f"{review}&item={NOT_APPLICABLE}")
        county.write("不同意不适用的理由", "该单位有此项职责")
        county.rule("^.*不同意不适用", item=NOT_APPLICABLE, mark="▲")
        county.open(review).press("^.*其余全部属实$", then="确认属实", says="已确认")
        assert "已审核" in county.text
        county.open(f"/review?cycle={CYCLE}&part=stages")
        county.press("^.*关闭所选$", then="关闭", says="已关闭 1 个地区的县级初审")

        # a reviewed workbook cannot be replaced
        itself.open(f"/submit?cycle={CYCLE}&step=upload")
        assert "已有核定" in send(itself, tmp_path / "再交一次.xlsx", year.workbook(unit))

        # prefecture: sees what the county did beside the self value, lets it stand
        prefecture.open(f"{review}&item={CHANGED}")
        assert "县级初审" in prefecture.text and "只见公布照片" in prefecture.text
        prefecture.rule("^.*确认属实", item=CHANGED, mark="✓")
        prefecture.open(review).press("^.*其余全部属实$", then="确认属实", says="已确认")

        # the unit objects; the prefecture let it stand, so the province decides
        itself.open(f"/unit?cycle={CYCLE}&unit={unit.code}&pub=live")
        assert f"{year.scheme.by_id[CHANGED].title}（" in itself.text  # the first of two to choose from
        itself.write("异议理由", "报告流程文件在第三页，请复核")
        itself.press("^.*提出异议$", then="提出", says="等待上级决定")
        province.open(f"/review?cycle={CYCLE}&part=objections")
        assert "报告流程文件在第三页" in province.text
        province.write("决定理由", "文件为考核年度以后印发")
        province.press("^.*作出决定$", then="决定", says="已决定")

        # a finding of the competent body: points are taken off, it is corrected in time
        county.open(f"/rectification?cycle={CYCLE}&part=findings&doing=record&unit={unit.code}")
        county.write("文号", "示例责改〔2026〕9号")
        assert re.search(r"登记后得分\s*\d+\.\d+ → \d+\.\d+", county.text)
        county.press("^.*登记$", then="登记", says="已登记")

        # a task for the shortfall: given out, answered, checked again
        county.open(f"/rectification?cycle={CYCLE}&part=tasks&way_of_tasks=issue")
        task = give_out(county, year)
        itself.open(f"/rectification?cycle={CYCLE}&part=answer&task={task}")
        itself.write("整改措施", "已制定报告流程并公布")
        itself.write("证明材料", "示例发〔2026〕88号")
        itself.press("^.*报送整改情况$", says=task)
        county.open(f"/rectification?cycle={CYCLE}&part=tasks&task={task}")
        county.press("^.*复查通过$", says=task)
        assert "已销号" in county.open(f"/rectification?cycle={CYCLE}&part=tasks&task={task}").text

        # prefecture and province close; the province publishes
        prefecture.open(f"/review?cycle={CYCLE}&part=stages&stage=prefecture")
        prefecture.press("^.*关闭所选$", then="关闭", says="已关闭 1 个地区的市级复核")
        province.open(f"/publication?cycle={CYCLE}&part=published")
        assert "省级终评已关闭" in province.text
        assert province.page.get_by_role("button", name=re.compile("^.*公布$")).last.is_disabled()
        province.open(f"/review?cycle={CYCLE}&part=stages&stage=province")
        province.press("^.*关闭所选$", then="关闭", says="已关闭 1 个地区的省级终评")
        province.open(f"/publication?cycle={CYCLE}&part=published")
        province.write("公布说明", "经考核主管部门审定")
        province.page.get_by_test_id("stMain").get_by_role("button", name=re.compile("公布$")).last.click()
        province.page.get_by_role("dialog").get_by_test_id("stBaseButton-primary").click()
        province.page.get_by_text(f"已公布第 {CYCLE}-1 号").wait_for()

        # everybody who only reads lands on it
        assert f"第 {CYCLE}-1 号公布" in reader.open(f"/overview?cycle={CYCLE}").text
        history = itself.open(f"/unit?cycle={CYCLE}&unit={unit.code}&pub=live").text
        for what in ("退回补正", "县级初审", "市级复核", "异议", "认定", "整改", "公布"):
            assert what in history
        with reader.page.expect_download() as started:
            reader.open(f"/publication?cycle={CYCLE}&part=published").press("^.*下载考核结果运用表")
        assert f"第{CYCLE}-1号公布" in started.value.suggested_filename
        for desk in (county, prefecture, province, reader, itself):
            desk.context.close()

    found = verify(year.home)
    assert found.is_sound, found.faults
    assert any(f"第 {CYCLE}-1 号公布" in note for note in found.notes)
    with closing(Store.open(year.home)) as store:
        assert store.rows("select finding, state from current_finding where unit = $unit", unit=unit.code)
        made = publications(store, cycle=CYCLE)
        assert [each.number for each in made] == [f"{CYCLE}-1"]
        scores = dict(store.rows("select unit, score from published_unit_score where basis = 'composite'"))
        assert len(scores) == len(year.units)
        assert scores[unit.code] == min(scores.values()) < 100
    assert regions_by_code()[COUNTY].name


def claim_of(indicator: Indicator) -> dict[str, Any]:
    assert indicator.na == "review"
    return {"value": "不适用", "na_reason": "辖区内没有这类情形"}


def hand_in(desk: Desk, path: Path, content: bytes) -> None:
    desk.open(f"/submit?cycle={CYCLE}&step=upload")
    assert "已接收" in send(desk, path, content)


def send(desk: Desk, path: Path, content: bytes) -> str:
    """Upload one file; what the screen says then."""
    path.write_bytes(content)
    page = desk.page
    page.set_input_files("[data-testid=stFileUploader] input[type=file]", path)
    page.get_by_role("button", name=re.compile("^.*接收 1 个文件")).click()
    page.get_by_text("回执", exact=True).first.wait_for()
    return desk.text


def give_out(desk: Desk, year: Year) -> str:
    """Give out one task for the unit's shortfall in the changed indicator; its number."""
    title = year.scheme.by_id[CHANGED].title
    desk.choose("^.*指标", title)
    desk.press("^.*下达 1 项整改任务$", then="下达", says="已下达整改任务")
    return re.search(rf"ZG{CYCLE}-\d+", desk.text)[0]
