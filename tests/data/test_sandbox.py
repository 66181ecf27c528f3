"""Nothing that happens to a task reaches the program: it gets a result, an Overrun, or the worker's traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from data.sandbox import AHEAD_TASKS, Asked, Kept, Overrun, Ready, Sandbox, TaskFault, _Task, get_sandbox
from tests.data import misbehaving

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


@pytest.fixture
def sandbox():
    opened = Sandbox(workers=2, timeout_s=1)
    yield opened
    opened.close()
    assert opened.pids() == set()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, *, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_task_runs_in_another_process_and_its_result_comes_back(sandbox):
    assert sandbox.call(misbehaving.double, 21) == 42
    assert sandbox.call(misbehaving.worker_pid) != os.getpid()


def test_one_caller_needs_one_process(sandbox):
    assert len({sandbox.call(misbehaving.worker_pid) for _ in range(5)}) == len(sandbox.pids()) == 1


def test_a_task_that_hangs_is_stopped_in_time_and_the_next_one_runs(sandbox):
    sandbox.call(misbehaving.double, 1)
    started = time.monotonic()
    assert sandbox.call(misbehaving.spin).kind == "timeout"
    assert time.monotonic() - started < 3
    assert sandbox.call(misbehaving.double, 2) == 4


@POSIX
@pytest.mark.parametrize("task", [misbehaving.fill_memory, misbehaving.abort])
def test_a_task_that_fills_the_memory_is_stopped(sandbox, task):
    assert sandbox.call(task).kind == "memory"
    assert sandbox.call(misbehaving.double, 2) == 4


@POSIX
def test_a_worker_that_has_grown_is_replaced_for_the_next_file(sandbox):
    before = sandbox.call(misbehaving.worker_pid)
    assert sandbox.call(misbehaving.take_and_keep, 300 * 1024 * 1024) == 300 * 1024 * 1024
    assert sandbox.call(misbehaving.worker_pid) != before


@pytest.mark.parametrize(
    "task", [misbehaving.segfault, misbehaving.leave, misbehaving.panic, misbehaving.return_too_much]
)
def test_a_task_that_crashes_costs_its_worker_only(sandbox, task):
    assert sandbox.call(task).kind == "crash"
    assert sandbox.call(misbehaving.double, 2) == 4


def test_a_fault_of_the_program_is_raised_with_the_traceback_of_the_worker(sandbox):
    with pytest.raises(TaskFault, match=r"(?s)misbehaving\.py.*KeyError: 'missing'"):
        sandbox.call(misbehaving.fail, "missing")
    with pytest.raises(TaskFault, match="pickle"):
        sandbox.call(misbehaving.return_what_cannot_travel)
    assert len(sandbox.pids()) == 1


def test_what_a_library_prints_neither_disturbs_nor_shows(sandbox, capfd):
    assert sandbox.call(misbehaving.shout) == "heard"
    assert capfd.readouterr() == ("", "")


def test_results_come_in_the_order_of_the_calls_from_several_workers_at_once(sandbox):
    calls = [{"value": n, "seconds": 0.05 if n % 3 == 0 else 0} for n in range(20)]
    assert list(sandbox.map(misbehaving.slow, calls)) == list(range(20))
    assert len(sandbox.pids()) == 2


def test_one_bad_call_among_many_does_not_stop_the_others(sandbox):
    calls = [{"text": "a"}, Ready("nothing to do"), {"text": "b"}]
    first, second, third = sandbox.map(misbehaving.fail, calls)
    assert (type(first), second, type(third)) == (TaskFault, "nothing to do", TaskFault)


def test_only_so_many_calls_are_taken_ahead(sandbox):
    taken = []
    calls = ({"value": taken.append(n) or n} for n in range(10_000))
    results = sandbox.map(misbehaving.double, calls)
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert len(taken) <= AHEAD_TASKS + 3
    results.close()
    assert sandbox.call(misbehaving.double, 2) == 4


def test_large_calls_are_taken_ahead_by_their_size(sandbox):
    taken = []
    calls = ({"value": bytes(10 * 1024 * 1024), "number": taken.append(n) or 0} for n in range(100))
    results = sandbox.map(misbehaving.size_of, calls)
    next(results)
    assert len(taken) <= 5
    results.close()


def test_fifty_threads_call_at_once(sandbox):
    results: dict[int, int] = {}

    def work(number: int) -> None:
        results[number] = sandbox.call(misbehaving.slow, number, 0.01)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(50)}
    assert len(sandbox.pids()) <= 2


def test_of_a_mapping_only_what_is_asked_for_travels(sandbox):
    asked = []

    class Counted(dict):
        def __contains__(self, key):
            asked.append(key)
            return super().__contains__(key)

    units = Counted({str(number): number for number in range(10_000)})
    assert sandbox.call(misbehaving.look_up, Asked(units), "7") == (7, True, None)
    assert asked == ["7", "absent"]


def test_several_entries_are_asked_for_in_one_question(sandbox, monkeypatch):
    questions = []
    answer = _Task.answer
    monkeypatch.setattr(
        _Task, "answer", lambda task, question: questions.append(question) or answer(task, question)
    )
    units = {str(number): number for number in range(100)}
    assert sandbox.call(misbehaving.look_up_all, Asked(units), ["7", "absent", "9"]) == [7, None, 9]
    assert [question.keys for question in questions] == [("7", "absent", "9")]


def test_a_kept_value_is_the_same_object_in_every_call(sandbox):
    scheme = {"a": [1, 2]}
    assert sandbox.call(misbehaving.identity_of, Kept(scheme)) == sandbox.call(
        misbehaving.identity_of, Kept(scheme)
    )
    assert sandbox.call(misbehaving.look_up, Kept(scheme), "a") == ([1, 2], True, None)


def test_a_worker_is_replaced_after_so_many_tasks():
    sandbox = Sandbox(workers=1, tasks_per_worker=3)
    pids = [sandbox.call(misbehaving.worker_pid) for _ in range(7)]
    sandbox.close()
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


@POSIX
def test_a_worker_that_was_killed_while_it_was_idle_is_replaced_unnoticed(sandbox):
    pid = sandbox.call(misbehaving.worker_pid)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: sandbox.call(misbehaving.worker_pid) != pid)


@POSIX
def test_workers_do_not_end_with_ctrl_c_or_a_stopping_service(sandbox):
    pid = sandbox.call(misbehaving.worker_pid)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(pid, number)
    assert sandbox.call(misbehaving.worker_pid) == pid


def test_closing_ends_idle_and_busy_workers(sandbox):
    outcomes = []
    caller = threading.Thread(target=lambda: outcomes.append(sandbox.call(misbehaving.slow, 1, 30)))
    caller.start()
    assert wait_for(lambda: len(sandbox.pids()) == 1)
    time.sleep(0.2)
    pids = sandbox.pids()
    sandbox.close()
    caller.join()
    assert isinstance(outcomes[0], Overrun)
    assert not any(map(is_running, pids))
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.call(misbehaving.double, 1)


@POSIX
@pytest.mark.parametrize("task", ["double, 1", "spin"])
def test_workers_end_when_their_program_is_killed(task):
    """An idle one because its pipe closes; one that spins because its processor time runs out."""
    program = f"""
import threading, time
from data.sandbox import Sandbox
from tests.data import misbehaving
sandbox = Sandbox(workers=1, timeout_s=0.5)
sandbox.call(misbehaving.double, 1)
threading.Thread(target=lambda: sandbox.call(misbehaving.{task})).start()
time.sleep(0.3)
print(*sandbox.pids(), flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        pid = int(running.stdout.readline())
        running.kill()
    assert wait_for(lambda: not is_running(pid))


def test_temporary_files_of_the_workers_lie_in_a_folder_that_goes_with_the_sandbox():
    sandbox = Sandbox(workers=1)
    folder = Path(sandbox.call(misbehaving.temporary_folder))
    assert folder.is_dir() and folder != Path(tempfile.gettempdir())
    sandbox.close()
    assert not folder.exists()
    assert Path(tempfile.gettempdir()).is_dir()


def test_there_is_one_sandbox_per_process():
    assert get_sandbox() is get_sandbox()


def test_a_worker_starts_light(sandbox):
    assert not sandbox.call(misbehaving.loaded_modules) & {
        "pandas",
        "duckdb",
        "streamlit",
        "openpyxl",
        "numpy",
    }
