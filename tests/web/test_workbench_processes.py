"""Answers are worked out in processes that can be stopped; each question has its time from when one takes it up."""

import asyncio
import json
import os
import re
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from corridor_net.errors import BadFile
from corridor_net.workbench import pool as module
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.pool import Pool
from corridor_net.workbench.questions import RouteRequest
from corridor_net.workbench.replies import Refused, open_workbench, reply

PATIENCE = 120
"""Seconds after which a test gives up to wait for what must come."""


class Odd:
    """A workbench that does what the text of the question says, and writes down what it was asked."""

    def __init__(self, folder):
        self.asked = folder / "asked"

    def parse(self, asked):
        with self.asked.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {asked.text}\n")
        if "busy" in asked.text:
            re.match(r"(a+)+$", "a" * 60 + "b")  # holds the interpreter for years
        if "wait" in asked.text:
            time.sleep(10 * PATIENCE)
        if "die" in asked.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "fault" in asked.text:
            raise ZeroDivisionError
        if "grow" in asked.text:
            return {"text": "x" * 3_000_000_000}
        return {"text": asked.text}


def body(text):
    return json.dumps({"text": text}).encode()


def texts(folder):
    path = folder / "asked"
    return [line.split()[1] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def run(tmp_path):
    """Run a coroutine function on a pool of so many odd workbenches, in a loop of its own."""

    def run_(work, count=1, seconds=PATIENCE):
        async def main():
            pool = Pool(partial(Odd, tmp_path), count, seconds=seconds)
            try:
                return await asyncio.wait_for(work(pool), 2 * PATIENCE)
            finally:
                pool.close()

        found = []
        aside = threading.Thread(target=lambda: found.append(asyncio.run(main())))
        aside.start()
        aside.join()
        assert found, "the work failed; see the error above"
        return found[0]

    return run_


async def until(holds):
    """Wait until something holds."""
    for _ in range(100 * PATIENCE):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never held")


def test_a_busy_interpreter_is_stopped_in_time_and_the_next_question_answered(run):
    async def work(pool):
        with pytest.raises(Refused) as caught:
            await pool.ask("parse", body("busy"))
        return caught.value.status, caught.value.errors[0]["message"], await pool.ask("parse", body("x"))

    status, message, after = run(work, seconds=2.0)
    assert (status, message) == (503, "no answer within 2 seconds")
    assert json.loads(after.content) == {"text": "x"}


def test_time_in_the_queue_is_not_counted_as_work(run, monkeypatch):
    bounds = []
    own = module.Worker.ask
    monkeypatch.setattr(module.Worker, "ask", lambda *given: bounds.append(given[3]) or own(*given))

    async def work(pool):
        return await asyncio.gather(*(pool.ask("parse", body(str(n))) for n in range(6)))

    assert [json.loads(one.content)["text"] for one in run(work, seconds=77)] == list("012345")
    assert bounds == [77] * 6


def test_work_that_nobody_waits_for_is_stopped(run, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "GRACE", 0.01)

    async def work(pool):
        asked = asyncio.create_task(pool.ask("parse", body("wait")))
        await until(lambda: texts(tmp_path) == ["wait"])
        asked.cancel()
        return await pool.ask("parse", body("x"))

    assert json.loads(run(work).content) == {"text": "x"}
    first, second = [int(line.split()[0]) for line in (tmp_path / "asked").read_text().splitlines()]
    assert first != second, "the first process was stopped"


def test_work_that_is_nearly_done_is_not_stopped_when_its_visitor_leaves(run, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "GRACE", PATIENCE)

    async def work(pool):
        asked = asyncio.create_task(pool.ask("parse", body("quick")))
        await until(lambda: texts(tmp_path) == ["quick"])
        asked.cancel()
        await pool.ask("parse", body("x"))

    run(work)
    first, second = [int(line.split()[0]) for line in (tmp_path / "asked").read_text().splitlines()]
    assert first == second


def test_one_of_two_who_ask_the_same_may_leave(run, tmp_path):
    async def work(pool):
        first, second = (asyncio.create_task(pool.ask("parse", body("same"))) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second, await pool.ask("parse", body("same"))

    assert all(json.loads(one.content) == {"text": "same"} for one in run(work))
    assert texts(tmp_path) == ["same"], "worked out once, and kept"


def test_a_process_that_dies_is_replaced(run):
    async def work(pool):
        with pytest.raises(Refused) as caught:
            await pool.ask("parse", body("die"))
        return caught.value.status, await pool.ask("parse", body("x"))

    status, after = run(work)
    assert status == 503
    assert after.status == 200


@pytest.mark.parametrize(("text", "status", "words"), [("fault", 500, "its log"), ("grow", 503, "too much memory")])
def test_a_fault_of_ours_and_a_lack_of_memory_are_answers_that_are_not_kept(run, tmp_path, text, status, words):
    async def work(pool):
        return [await pool.ask("parse", body(text)) for _ in range(2)]

    for made in run(work):
        assert made.status == status
        assert words in json.loads(made.content)["errors"][0]["message"]
    assert texts(tmp_path) == [text, text]


def test_too_many_who_wait_are_told_to_come_again(run, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 2)

    async def work(pool):
        asked = [asyncio.create_task(pool.ask("parse", body(str(n)))) for n in range(3)]
        return [
            one if isinstance(one, Refused) else one.status
            for one in await asyncio.gather(*asked, return_exceptions=True)
        ]

    *answered, refused = run(work)
    assert answered == [200, 200]
    assert refused.status == 503


def test_fifty_at_once_get_right_answers(shipped, run):
    """Fifty visitors, each with a question of their own, on two processes."""
    bench = Workbench(shipped)
    asked = [
        {"origin": "harbin", "destination": "niigata", "value_of_time_usd_per_hour": round(1 + n / 3, 4)}
        for n in range(50)
    ]

    async def main():
        pool = Pool(partial(open_workbench, None, dict(shipped.file_hashes)), 2)
        try:
            return await asyncio.gather(*(pool.ask("answer", json.dumps(one).encode()) for one in asked))
        finally:
            pool.close()

    found = []
    aside = threading.Thread(target=lambda: found.extend(asyncio.run(main())))
    aside.start()
    aside.join()
    assert [one.status for one in found] == [200] * 50
    for question, told in zip(asked[::7], found[::7], strict=True):
        assert told.content == reply(bench.answer(RouteRequest(**question))).content


def test_data_that_changed_since_the_start_are_not_mixed_with_the_old(data, shipped):
    with pytest.raises(BadFile, match="start the server again"):
        open_workbench(Path(data.folder), {**shipped.file_hashes, "node.csv": "0"})
