"""What the files are made from: whose it is, which regions it compares, and when there is nothing to make."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.model import Scope
from data.regions import compared_regions
from meeting.export import KINDS, export
from meeting.material import NothingToReport, gather
from tests.meeting.conftest import LIVE, NOW, PUBLISHED


@pytest.mark.parametrize(
    ("region", "level", "expected"),
    [
        ("230000", None, ("prefecture", None)),
        ("230000", "county", ("county", None)),
        ("230000", "nonsense", ("prefecture", None)),
        ("230100", "prefecture", ("county", "230100")),
        ("230102", None, ("county", "230100")),
    ],
)
def test_regions_right_below_are_compared_and_of_a_county_its_siblings(region, level, expected):
    assert compared_regions(region, level=level) == expected


def test_frames_are_those_of_the_screens(material):
    where = {"level": material.level, "parent": material.parent}
    live = material.reading
    assert_frame_equal(material.gaps, queries.region_gaps(live, cycle=material.cycle, region=material.region))
    rows = queries.region_scores(live, cycle=material.cycle, **where)
    assert_frame_equal(material.regions, rows[rows["registered"] > 0].reset_index(drop=True))
    assert material.summary == queries.region_summary(live, cycle=material.cycle, region=material.region)


def test_every_page_can_say_where_its_numbers_come_from(material):
    assert str(material.cycle) in material.stamp and material.full_name in material.stamp
    assert "演示数据" in material.stamp
    assert ("第 2025-1 号公布" if material.publication else "实时数据") in material.stamp
    assert any("示例" in line for line in material.method)
    name = material.file_name("通报", "docx")
    assert name.startswith("演示数据_通报_") and ("第2025-1号公布" in name) == bool(material.publication)


def test_before_the_deadline_nothing_is_ranked_and_slow_regions_stand_last(meeting_store, published_store):
    deadline = meeting_store.cycle(LIVE).deadline
    with gather(meeting_store, cycle=LIVE, now=deadline - timedelta(days=1)) as made:
        assert made.is_before_deadline
        assert made.regions["submission_rate"].is_monotonic_decreasing
    with gather(meeting_store, cycle=LIVE, now=deadline + timedelta(seconds=1)) as made:
        assert not made.is_before_deadline
    with gather(published_store, cycle=PUBLISHED, now=datetime(2020, 1, 1)) as made:
        assert not made.is_before_deadline and made.today == made.publication.published_at.date()


@pytest.mark.parametrize("region", ["230000", "230200", "230203"])
def test_material_of_another_region_is_refused_with_advice(meeting_store, region):
    mine = meeting_store.seen_by(Scope("230100"))
    with pytest.raises(NothingToReport, match="不在您的管辖地区"), gather(mine, cycle=LIVE, region=region):
        pass


def test_without_a_region_it_is_the_whole_of_what_one_sees(meeting_store):
    with gather(meeting_store.seen_by(Scope("230100")), cycle=LIVE, now=NOW) as made:
        assert made.region == "230100"
        assert set(made.units["region_path"].str.split("/").str[1]) == {"哈尔滨市"}


def test_an_unknown_region_and_an_empty_one_are_refused_with_advice(meeting_store):
    with (
        pytest.raises(NothingToReport, match="请核对代码"),
        gather(meeting_store, cycle=LIVE, region="999999"),
    ):
        pass
    scores = queries.region_scores(meeting_store, cycle=LIVE, level="county")
    nobody = scores.loc[scores["registered"] == 0, "code"].iloc[0]
    with pytest.raises(NothingToReport, match="请先登记"), gather(meeting_store, cycle=LIVE, region=nobody):
        pass


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "png"])
def test_every_kind_is_made_for_a_zone_which_is_ranked_among_the_counties(meeting_store, kind):
    scores = queries.region_scores(meeting_store, cycle=LIVE, level="county")
    zone = next(row for row in scores.itertuples() if row.level == "zone" and row.submitted)
    with gather(meeting_store, cycle=LIVE, region=zone.code, now=NOW) as made:
        assert made.own_level_name == "县（市、区）"
        file = export(made, kind=kind, home=meeting_store.home, may=lambda action: True)
    assert zone.name in file.name and file.content
