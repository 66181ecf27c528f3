"""The load generator's screen forgets large messages as the browser does: what was not wanted in the last runs."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.screen import Screen

KEPT_RUNS = 2


def begin(screen: Screen, *fragments: str) -> None:
    message = ForwardMsg()
    message.new_session.config.max_cached_message_age = KEPT_RUNS
    message.metadata.run.fragment_ids.extend(fragments)
    screen.apply(message)


def end(screen: Screen, how: int = ForwardMsg.FINISHED_SUCCESSFULLY) -> None:
    screen.apply(ForwardMsg(script_finished=how))


def send_large(screen: Screen, name: str, *, fragment: str = "") -> None:
    message = ForwardMsg(hash=name)
    message.metadata.cacheable = True
    message.metadata.delta_path.extend([0, 0])
    message.delta.fragment_id = fragment
    message.delta.new_element.html.body = name
    screen.apply(message)


def send_known(screen: Screen, name: str) -> None:
    message = ForwardMsg(ref_hash=name)
    message.metadata.delta_path.extend([0, 0])
    screen.apply(message)


def test_what_no_run_wanted_lately_is_forgotten():
    screen = Screen()
    begin(screen)
    send_large(screen, "table")
    for _ in range(KEPT_RUNS):
        end(screen)
        begin(screen)
    assert screen.known() == ["table"]
    end(screen)
    assert screen.known() == []


def test_what_is_wanted_again_stays_and_is_shown():
    screen = Screen()
    begin(screen)
    send_large(screen, "table")
    for _ in range(2 * KEPT_RUNS):
        end(screen)
        begin(screen)
        send_known(screen, "table")
    assert screen.known() == ["table"]
    assert screen.text() == "table"


def test_a_run_of_a_fragment_forgets_nothing_outside_it():
    screen = Screen()
    begin(screen)
    send_large(screen, "page")
    send_large(screen, "part", fragment="own")
    for _ in range(KEPT_RUNS + 1):
        end(screen)
        begin(screen, "own")
    end(screen)
    assert screen.known() == ["page"]


def test_a_run_that_a_newer_one_has_overtaken_does_not_count():
    screen = Screen()
    begin(screen)
    send_large(screen, "table")
    for _ in range(2 * KEPT_RUNS):
        end(screen, ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    assert screen.known() == ["table"]
