"""The journal: whole lines only, one after the other, and nobody changes one unnoticed."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.journal import FIRST_PREVIOUS, START, Journal, JournalFault, Link, follow, raw_lines

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
BODIES = st.lists(TEXTS, min_size=1, max_size=5)
EACH_IN_ITS_OWN_FOLDER = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def body(text: str) -> dict:
    return {"at": "2026-11-25T09:00:00", "rows": {"setting": {"columns": ["value"], "values": [[text]]}}}


def write(path: Path, texts: list[str]) -> list[Link]:
    """A journal with these lines; where the chain stood before and after each."""
    journal = Journal(path)
    links = [journal.head]
    for text in texts:
        journal.append(journal.prepare(body(text)))
        links.append(journal.head)
    return links


def texts_of(path: Path, **where) -> list[str]:
    return [line.body["rows"]["setting"]["values"][0][0] for line in follow(path, **where)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.jsonl"


def test_a_line_is_its_hash_a_blank_and_a_json_object_that_names_the_hash_before(path):
    links = write(path, ["一", "二"])
    first, second = path.read_bytes().splitlines()
    assert first[:65] == links[1].hash.encode() + b" "
    assert json.loads(first[65:])["prev"] == FIRST_PREVIOUS
    assert json.loads(second[65:])["prev"] == links[1].hash
    assert [json.loads(line[65:])["n"] for line in (first, second)] == [1, 2]


@EACH_IN_ITS_OWN_FOLDER
@given(texts=BODIES)
def test_what_was_written_is_followed_in_order_and_found_again_when_opened(texts, tmp_path_factory):
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    links = write(path, texts)
    assert texts_of(path) == texts
    assert Journal(path).head == links[-1]
    for n, link in enumerate(links):
        assert texts_of(path, after=link) == texts[n:]


@EACH_IN_ITS_OWN_FOLDER
@given(texts=BODIES, data=st.data())
def test_cut_anywhere_it_opens_to_the_lines_that_are_whole_and_goes_on_from_there(
    texts, data, tmp_path_factory
):
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    links = write(path, texts)
    cut = data.draw(st.integers(0, path.stat().st_size))
    os.truncate(path, cut)
    n = path.read_bytes().count(b"\n")
    journal = Journal(path)
    assert journal.head == links[n]
    journal.append(journal.prepare(body("新")))
    assert texts_of(path) == [*texts[:n], "新"]


def test_opening_writes_nothing_even_where_the_last_line_is_torn(path):
    write(path, ["一", "二"])
    os.truncate(path, path.stat().st_size - 3)
    before = path.read_bytes()
    Journal(path)
    assert path.read_bytes() == before


def test_a_last_line_whose_middle_never_reached_the_disk_is_a_torn_one_where_the_database_stands_before_it(
    path,
):
    links = write(path, ["一", "二", "三"])
    content = bytearray(path.read_bytes())
    content[-30:-20] = bytes(10)
    path.write_bytes(content)
    assert Journal(path, held=links[2]).head == links[2]
    for held in (links[3], links[1], START):
        with pytest.raises(JournalFault, match="第 3 行被改动过"):
            Journal(path, held=held)


@EACH_IN_ITS_OWN_FOLDER
@given(texts=BODIES, data=st.data())
def test_any_changed_byte_is_noticed_at_its_line(texts, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    write(path, texts)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    changed = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    line = content[:at].count(b"\n") + 1
    was_end = content[at] == 10
    content[at] = changed
    path.write_bytes(content)
    whole = list(raw_lines(path))
    if was_end and line == len(texts):  # the last line lost its end: it was being written when the power went
        assert texts_of(path) == texts[:-1]
    elif len(whole) == len(texts) and changed != 10:
        with pytest.raises(JournalFault) as fault:
            list(follow(path))
        assert fault.value.n == line
    else:  # a line more or less: one of the two halves, or the line that was joined
        with pytest.raises(JournalFault):
            list(follow(path))


@pytest.mark.parametrize(
    ("edit", "n"),
    [
        (lambda lines: [*lines[:1], *lines[2:]], 2),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], 2),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3),
        (lambda lines: lines[1:], 1),
    ],
    ids=["removed", "swapped", "doubled", "first-removed"],
)
def test_a_line_that_was_removed_moved_or_inserted_is_noticed(path, edit, n):
    write(path, ["一", "二", "三", "四"])
    path.write_bytes(b"".join(edit(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(JournalFault) as fault:
        list(follow(path))
    assert fault.value.n == n


def test_another_journal_of_the_same_length_is_not_taken_for_this_one(path, tmp_path):
    held = write(path, ["一", "二"])[-1]
    write(tmp_path / "other.jsonl", ["甲", "乙", "丙"])
    with pytest.raises(JournalFault, match="校验值不符"):
        list(follow(tmp_path / "other.jsonl", after=held))


def test_a_journal_that_ends_before_the_line_asked_for_is_noticed(path):
    held = write(path, ["一", "二"])[-1]
    os.truncate(path, len(path.read_bytes().splitlines(keepends=True)[0]))
    with pytest.raises(JournalFault, match="还应有 1 行"):
        list(follow(path, after=held))


def test_a_journal_that_disappears_or_shrinks_while_it_is_open_is_not_begun_anew(path):
    write(path, ["一", "二"])
    journal = Journal(path)
    entry = journal.prepare(body("三"))
    content = path.read_bytes()
    for left in (None, content[:-10]):
        path.unlink() if left is None else path.write_bytes(left)
        with pytest.raises(JournalFault, match="被删去或截短"):
            journal.append(entry)
        assert path.exists() == (left is not None)
    path.write_bytes(content)
    journal.append(entry)
    assert texts_of(path) == ["一", "二", "三"]


LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from data.journal import Journal
from tests.data.test_journal import body
journal = Journal(Path(sys.argv[1]))
room = int(sys.argv[3])
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (journal.size + room, limits[1]))
try:
    journal.append(journal.prepare(body("三" * 100)))
except OSError:
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    journal.append(journal.prepare(body("三")))
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limit on file sizes here")
@pytest.mark.parametrize("room", [0, 1, 70, 300])
def test_a_line_that_does_not_fit_on_the_disk_leaves_nothing_and_the_next_one_follows(path, room):
    write(path, ["一", "二"])
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", LIMITED, path, root, str(room)], cwd=root, check=True)
    assert texts_of(path) == ["一", "二", "三"]
