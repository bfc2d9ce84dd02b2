"""A copy of the process changes no answer, hides no error, and never stays."""

import errno
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.cli.ask import progress
from corridor_net.errors import BadValue
from corridor_net.questions import _at_once
from corridor_net.questions._at_once import at_once, each_at_once
from corridor_net.questions.pages.study_files import result_files


@pytest.fixture(autouse=True)
def copied(monkeypatch):
    """A worker of pytest has threads of its own, which sleep. No copy is there afterwards."""
    made, fork = [], os.fork

    def noted():
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", noted)
    monkeypatch.setattr(_at_once, "_can_copy", lambda: True)
    yield
    for copy in made:
        with pytest.raises(ChildProcessError):
            os.waitpid(copy, os.WNOHANG)


def test_both_are_returned_and_one_is_worked_out_by_a_copy():
    here, aside = at_once(os.getpid, os.getpid)
    assert here == os.getpid() != aside


def test_more_is_told_than_a_pipe_holds():
    assert at_once(lambda: 1, lambda: "x" * 10**6) == (1, "x" * 10**6)


def test_of_several_every_other_one_is_worked_out_by_a_copy_and_all_stand_in_order():
    here, copy = os.getpid(), each_at_once([os.getpid] * 2)[1]
    assert copy != here
    made = each_at_once([lambda n=n: (n, os.getpid() == here) for n in range(5)])
    assert made == [(n, n % 2 == 0) for n in range(5)]
    assert each_at_once([]) == []


def test_what_goes_wrong_in_one_of_several_is_raised():
    def wrong():
        raise BadValue("a value")

    with pytest.raises(BadValue, match="a value"):
        each_at_once([os.getpid, wrong, os.getpid])


def test_years_and_scenarios_are_the_same_answers(monkeypatch):
    model = cn.load()

    def told():
        years = model.timeline("yanji", "niigata", from_year=2018, to_year=2019)
        asked = {"scenarios": ["primorye-2"], "draws": 40}
        study = model.uncertainty(**asked, baselines=["baseline-2016", "baseline-2019"])
        return years.to_dict(), model.compare("hunchun", "niigata", scenarios=["primorye-2"]).to_dict(), study.to_dict()

    copied = told()
    monkeypatch.setattr(_at_once, "_can_copy", lambda: False)
    assert told() == copied


def in_the_copy_alone(what):
    parent = os.getpid()

    def aside():
        if os.getpid() != parent:
            what()
        return "made here"

    return aside


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0, lambda: os._exit(0)])
def test_what_a_copy_does_not_tell_is_worked_out_here(end):
    assert at_once(lambda: 1, in_the_copy_alone(end)) == (1, "made here")


def test_what_cannot_be_told_is_worked_out_here():
    made = at_once(lambda: 1, lambda: threading.Lock())[1]
    assert made.acquire(blocking=False)


def test_what_goes_wrong_is_raised_as_without_a_copy():
    def wrong():
        raise BadValue("a value", hint="another")

    with pytest.raises(BadValue, match="a value") as told:
        at_once(lambda: 1, wrong)
    assert told.value.hint == "another"


def test_a_copy_ends_when_the_process_is_stopped():
    def stopped():
        raise KeyboardInterrupt  # as by Ctrl-C

    with pytest.raises(KeyboardInterrupt):
        at_once(stopped, lambda: threading.Event().wait(60))


def raised(what):
    def raising(*_):
        raise what

    return raising


def open_files():
    return sorted(one.name for one in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM])
def test_where_no_process_is_left_both_are_worked_out_here_and_no_pipe_stays(monkeypatch, number):
    monkeypatch.setattr(os, "fork", raised(OSError(number, os.strerror(number))))
    there = open_files()
    assert at_once(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    assert open_files() == there


def test_what_cannot_be_read_is_worked_out_here(monkeypatch):
    monkeypatch.setattr(pickle, "loads", raised(AttributeError("no such class")))
    assert at_once(lambda: 1, os.getpid) == (1, os.getpid())


def test_a_copy_that_is_stopped_before_it_tells_goes_no_further(monkeypatch):
    monkeypatch.setattr(_at_once, "_tell", raised(KeyboardInterrupt))
    assert at_once(os.getpid, os.getpid) == (os.getpid(), os.getpid())


KILLED = r"""
import os, sys, time
from corridor_net.questions import _at_once
_at_once._can_copy = lambda: True

def aside():
    os.write(1, f"{os.getpid()}\n".encode())
    time.sleep(60)

_at_once.at_once(lambda: time.sleep(60), aside)
"""


def runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"  # ended, and not asked
    except OSError:
        return False


def test_a_copy_ends_with_a_process_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True) as parent:
        copy = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 5
    while runs(copy):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_that_another_has_started_is_not_copied(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert _at_once._can_copy()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert not _at_once._can_copy()


def test_a_thread_besides_is_not_copied(monkeypatch):
    monkeypatch.undo()
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    thread.start()
    try:
        assert at_once(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    finally:
        held.set()
        thread.join()


def test_a_study_and_its_files_are_the_same_bytes(monkeypatch):
    model, asked = cn.load(), {"origins": ["hunchun"], "baselines": ["baseline-2019"], "scenarios": ["primorye-2"]}

    def files():
        found = model.study(**asked, destinations=["niigata"])
        return result_files(found.comparison, {}, found.uncertainties, found.findings, paid=found.paying)

    copied = files()
    monkeypatch.setattr(_at_once, "_can_copy", lambda: False)
    assert files() == copied


def test_what_a_copy_prints_is_not_seen(capfd):
    assert at_once(lambda: 1, lambda: print("aside", flush=True) or print("wrong", file=sys.stderr, flush=True)) == (
        1,
        None,
    )
    assert capfd.readouterr() == ("", "")


def test_progress_is_drawn_by_no_thread_so_that_there_can_be_a_copy_on_a_terminal(capfd):
    before = threading.active_count()
    with progress(shown=True) as tell:
        tell("a draw", 1, 2)
        assert threading.active_count() == before
    assert "a draw" in capfd.readouterr().err or not sys.stderr.isatty()
