"""Keeping: what is accepted stays whole and counts once, a newer file replaces, a refused one leaves only its problems."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime

import pytest

from data.answer_digest import digest_of_answers
from data.course.recording import record_reviews
from data.intake import expand_upload, iter_files, take_in, take_in_many
from data.model import Review
from data.queries import (
    history,
    missing_units,
    receipt_problems,
    region_summary,
    unit_summary,
    unit_terms,
    units,
)
from data.store import Store, StoreError, UnknownCycleError
from scoring.scheme import SchemeError
from tests.data.small import CYCLE, OTHER, ROWS, SCHEME_PATH, UNIT, filled

IN_TIME, TOO_LATE = datetime(2026, 10, 1, 9), datetime(2026, 12, 2, 9)


@pytest.fixture
def store(new_home):
    opened = Store.open(new_home)
    opened.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    opened.register_units(cycle=2026, units=[UNIT, OTHER])
    yield opened
    opened.close()


def send(store, content, *, filename="自评表.xlsx", at=IN_TIME, **more):
    return take_in(store, filename=filename, content=content, cycle=2026, received_at=at, **more)


def score(store):
    return unit_summary(store, cycle=2026, unit=UNIT.code)["score_exact"]


def codes(receipt):
    return [problem.code for problem in receipt.problems]


def test_an_accepted_file_is_kept_byte_for_byte_under_its_hash(store):
    content = filled()
    receipt = send(store, content)
    assert receipt.status == "accepted"
    assert receipt.unit == UNIT.code
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert store.files.read(receipt.sha256) == content


def test_the_same_file_again_is_received_already_and_counts_once(store):
    first, second = send(store, filled()), send(store, filled(), filename="再次.xlsx")
    assert (second.status, codes(second)) == ("accepted", ["already-received"])
    assert first.submission is not None
    assert second.submission is None
    assert store.rows("select count(*) from submission")[0][0] == 1


def test_a_newer_file_replaces_the_older_in_every_view_and_both_stay(store):
    better, worse = filled(), filled({"T19-01": {"value": "否"}})
    send(store, better)
    before = score(store)
    send(store, worse)
    assert score(store) < before
    assert (
        unit_terms(store, cycle=2026, unit=UNIT.code).set_index("indicator").loc["T19-01", "answer"] == "否"
    )
    assert store.rows("select count(*) from submission")[0][0] == 2
    assert [store.files.path(hashlib.sha256(c).hexdigest()).exists() for c in (better, worse)] == [True, True]
    send(store, better)
    assert score(store) == before


def test_a_refused_file_leaves_only_the_fact_and_its_problems(store):
    content = filled({"T19-01": {"value": "大概有"}})
    receipt = send(store, content)
    assert receipt.status == "refused"
    assert not store.files.path(receipt.sha256).exists()
    assert store.rows("select count(*) from answer")[0][0] == 0
    kept = history(store, cycle=2026).iloc[0]
    assert (kept["status_name"], kept["n_errors"]) == ("退回", 1)
    problem = receipt_problems(store, receipt=int(kept["receipt"])).iloc[0]
    assert (problem["sheet"], problem["cell"]) == ("自评表", f"E{ROWS['T19-01']}")
    assert "大概有" in problem["message"]
    assert unit_summary(store, cycle=2026, unit=UNIT.code)["state_name"] == "退回"


def test_a_refused_file_does_not_touch_the_accepted_one_before_it(store):
    send(store, filled())
    before = score(store)
    send(store, filled({"T19-01": {"value": "大概有"}}))
    assert score(store) == before
    assert unit_summary(store, cycle=2026, unit=UNIT.code)["state_name"] == "已评分"


@pytest.mark.parametrize(
    ("at", "status", "is_late"),
    [
        (CYCLE.deadline, "accepted", False),
        (CYCLE.deadline.replace(second=1), "warned", True),
        (TOO_LATE, "warned", True),
    ],
)
def test_a_file_after_the_deadline_is_taken_in_and_marked_late(store, at, status, is_late):
    receipt = send(store, filled(), at=at)
    assert receipt.status == status
    assert codes(receipt) == (["late-submission"] if is_late else [])
    assert unit_summary(store, cycle=2026, unit=UNIT.code)["is_late"] == is_late


def test_a_correction_after_the_deadline_does_not_make_a_timely_unit_late(store):
    send(store, filled())
    send(store, filled({"T19-01": {"value": "否"}}), at=TOO_LATE)
    assert not unit_summary(store, cycle=2026, unit=UNIT.code)["is_late"]
    assert region_summary(store, cycle=2026)["on_time"] == 1


def test_a_closed_cycle_refuses(store):
    store.open_cycle(
        cycle=2026,
        scheme_path=SCHEME_PATH,
        opens_on=CYCLE.opens_on,
        deadline=CYCLE.deadline,
        status="closed",
    )
    receipt = send(store, filled())
    assert receipt.status == "refused"
    assert "cycle-closed" in codes(receipt)


def test_another_units_workbook_is_refused_where_one_unit_hands_in(store):
    receipt = send(store, filled(), expected_unit=OTHER.code)
    assert (receipt.status, codes(receipt)) == ("refused", ["wrong-unit"])


def test_in_a_batch_bad_files_do_not_hold_up_good_ones(store):
    heard = []
    receipts = take_in_many(
        store,
        [("坏.xlsx", b"not a workbook"), ("好.xlsx", filled()), ("空.xlsx", b"")],
        cycle=2026,
        received_at=IN_TIME,
        progress=heard.append,
    )
    assert [receipt.status for receipt in receipts] == ["refused", "accepted", "refused"]
    assert [receipt.path for receipt in receipts] == ["坏.xlsx", "好.xlsx", "空.xlsx"]
    assert heard == [1, 2, 3]


def test_of_two_files_of_a_unit_in_one_batch_the_later_counts(store):
    worse = filled({"T19-01": {"value": "否"}})
    take_in_many(store, [("一.xlsx", worse), ("二.xlsx", filled())], cycle=2026, received_at=IN_TIME)
    answers = unit_terms(store, cycle=2026, unit=UNIT.code).set_index("indicator")["answer"]
    assert answers["T19-01"] == "是"


def files_of(store):
    return sorted(path.name for path in store.files.folder.rglob("*") if path.is_file())


def test_the_same_bytes_twice_in_one_batch_are_kept_once(store):
    content = filled()
    receipts = take_in_many(
        store, [("一.xlsx", content), ("二.xlsx", content)], cycle=2026, received_at=IN_TIME
    )
    assert [codes(receipt) for receipt in receipts] == [[], ["already-received"]]
    assert files_of(store) == [f"{receipts[0].sha256}.xlsx"]


def test_of_a_file_that_is_held_back_no_byte_is_kept(store):
    kept = send(store, filled())
    ruling = Review(UNIT.code, "T19-01", "county", "answered", "查看台账", choice="是")
    record_reviews(store, cycle=2026, reviews=[ruling])
    held_back = send(store, filled({"T19-01": {"value": "否"}}))
    assert codes(held_back) == ["already-in-review"]
    assert files_of(store) == [f"{kept.sha256}.xlsx"]


def test_a_batch_that_is_broken_off_leaves_no_half_file(store):
    class Enough(Exception):
        pass

    def hear(done):
        if done == 2:
            raise Enough

    files = [("一.xlsx", filled()), ("二.xlsx", filled({"T19-01": {"value": "否"}}))]
    with pytest.raises(Enough):
        take_in_many(store, files, cycle=2026, received_at=IN_TIME, progress=hear)
    assert files_of(store) == []
    assert [receipt.status for receipt in take_in_many(store, files, cycle=2026, received_at=IN_TIME)] == [
        "accepted"
    ] * 2


def test_a_batch_counts_only_once_its_files_are_on_the_disk(store, monkeypatch):
    version, keep_all = store.data_version(2026), store.files.keep_all
    heard = []

    def fail(contents, **_):
        heard.append(store.data_version(2026))
        raise StoreError("写不进去")

    monkeypatch.setattr(store.files, "keep_all", fail)
    with pytest.raises(StoreError, match="写不进去"):
        send(store, filled())
    assert heard == [version]
    assert store.data_version(2026) == version
    assert history(store, cycle=2026, unit=UNIT.code).empty
    monkeypatch.setattr(store.files, "keep_all", keep_all)
    assert send(store, filled()).status == "accepted"


def test_the_digest_that_a_worker_made_is_that_of_the_rows(store):
    receipt = send(store, filled())
    asked = "select * exclude (submission) from answer where submission = $submission"
    names = store.query(asked, submission=receipt.submission).columns
    rows = store.rows(asked, submission=receipt.submission)
    digest = digest_of_answers(dict(zip(names, row, strict=True)) for row in rows)
    with store.journal_path.open(encoding="utf-8") as lines:
        said = [line for line in lines if receipt.sha256 in line]
    assert [line.count(f'"{receipt.submission}":"{digest}"') for line in said] == [1]


def test_the_units_that_did_not_hand_in_are_named(store):
    send(store, filled())
    missing = missing_units(store, cycle=2026)
    assert list(missing["code"]) == [OTHER.code]
    assert list(units(store, cycle=2026).set_index("code").loc[OTHER.code, ["state_name"]]) == ["未提交"]


def test_results_follow_every_upload_and_survive_a_restart(store, tmp_path):
    send(store, filled())
    before = region_summary(store, cycle=2026)
    store.close()
    again = Store.open(tmp_path / "home")
    assert region_summary(again, cycle=2026) == before
    again.close()


def test_results_of_another_version_of_the_program_are_made_anew(store, tmp_path):
    send(store, filled())
    before = region_summary(store, cycle=2026)
    with store.write() as transaction:
        transaction.run("delete from region where region = '230102'")
        transaction.run("update result_program set digest = 'another version'")
    store.close()
    again = Store.open(tmp_path / "home")
    assert region_summary(again, cycle=2026) == before
    assert unit_summary(again, cycle=2026, unit=UNIT.code)["score"] > 0
    assert not again.is_demo()
    version = again.data_version(2026)
    again.close()
    once_more = Store.open(tmp_path / "home")
    assert once_more.data_version(2026) == version
    once_more.close()


def test_folders_zips_and_chinese_names_in_zips_are_opened(tmp_path):
    (tmp_path / "市").mkdir()
    (tmp_path / "市" / "甲.xlsx").write_bytes(b"1")
    (tmp_path / "市" / "~$甲.xlsx").write_bytes(b"lock file")
    (tmp_path / "说明.docx").write_bytes(b"no workbook")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("县/乙.xlsx", b"2")
        archive.writestr("__MACOSX/._乙.xlsx", b"resource fork")
    (tmp_path / "包.zip").write_bytes(packed.getvalue())
    assert sorted(iter_files([tmp_path])) == [("包.zip/县/乙.xlsx", b"2"), ("市/甲.xlsx", b"1")]


def test_names_in_a_zip_made_by_chinese_windows_are_read():
    name = "县乙.xlsx"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xxxx.xlsx", b"2")
    # Windows writes GBK bytes and leaves the UTF-8 flag unset; both places of the name are replaced
    raw = name.encode("gbk")
    content = packed.getvalue().replace(b"xxxx.xlsx", raw)
    assert len(raw) == len("xxxx.xlsx")
    assert list(expand_upload("包.zip", content)) == [(f"包.zip/{name}", b"2")]


def test_a_broken_zip_is_handed_on_to_be_refused(store):
    (receipt,) = take_in_many(store, expand_upload("包.zip", b"PK broken"), cycle=2026)
    assert receipt.status == "refused"


def test_an_unknown_cycle_is_said_with_the_known_ones(store):
    with pytest.raises(UnknownCycleError, match=r"没有考核年度 2031（已开设：2026）"):
        take_in(store, filename="a.xlsx", content=b"", cycle=2031)


def test_a_scheme_in_use_cannot_be_edited_in_place(store, tmp_path):
    edited = tmp_path / "edited.toml"
    edited.write_text(SCHEME_PATH.read_text("utf-8") + "\n# changed\n", "utf-8")
    with pytest.raises(SchemeError, match="内容不能改动"):
        store.open_cycle(cycle=2027, scheme_path=edited, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)


def test_a_register_with_an_unknown_region_is_refused_whole(store):
    from dataclasses import replace

    with pytest.raises(StoreError, match=OTHER.code):
        store.register_units(cycle=2026, units=[replace(UNIT, name="改名"), replace(OTHER, region="999999")])
    assert store.unit(cycle=2026, code=UNIT.code).name == UNIT.name


def test_a_transaction_that_fails_leaves_nothing(store):
    version = store.data_version(2026)
    with pytest.raises(KeyboardInterrupt), store.write() as transaction:
        transaction.record("test", cycle=2026, detail="half")
        raise KeyboardInterrupt
    assert store.data_version(2026) == version
    assert send(store, filled()).status == "accepted"
