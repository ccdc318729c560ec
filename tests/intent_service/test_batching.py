"""Dynamic batching: together when together, alone when alone, refused when full."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from intent_service.batching import Batcher
from intent_service.errors import BackendFailed, Overloaded
from intent_service.metrics import build_metrics


class Recorder:
    """Computes upper case; remembers its batches; can be held and can fail."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.begun = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, texts: Sequence[str]) -> list[str]:
        self.batches.append(list(texts))
        self.begun.set()
        self.gate.wait(20)
        if "bad" in texts:
            raise ValueError("bad")
        return [text.upper() for text in texts]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def batcher(recorder: Recorder) -> Iterator[Batcher[str]]:
    with ThreadPoolExecutor(1) as executor:
        yield Batcher(recorder, executor=executor, largest=8, capacity=16, name="test", metrics=build_metrics())
        recorder.gate.set()


async def test_a_lone_request_waits_for_nobody(batcher: Batcher[str], recorder: Recorder) -> None:
    assert await batcher.submit(["a"]) == ["A"]
    assert recorder.batches == [["a"]]


async def test_requests_that_arrive_while_one_runs_share_the_next_pass(
    batcher: Batcher[str], recorder: Recorder
) -> None:
    recorder.gate.clear()
    first = asyncio.create_task(batcher.submit(["a"]))
    await asyncio.to_thread(recorder.begun.wait, 20)
    others = [asyncio.create_task(batcher.submit([name])) for name in "bcd"]
    await asyncio.sleep(0)
    recorder.gate.set()
    assert await asyncio.gather(first, *others) == [["A"], ["B"], ["C"], ["D"]]
    assert recorder.batches == [["a"], ["b", "c", "d"]]


async def test_a_long_request_is_cut_into_batches_and_comes_back_in_order(
    batcher: Batcher[str], recorder: Recorder
) -> None:
    names = [f"t{number}" for number in range(16)]
    assert await batcher.submit(names) == [name.upper() for name in names]
    assert [len(batch) for batch in recorder.batches] == [8, 8]


async def test_a_full_queue_refuses_whole_requests(batcher: Batcher[str], recorder: Recorder) -> None:
    recorder.gate.clear()
    running = asyncio.create_task(batcher.submit(["a"]))
    await asyncio.to_thread(recorder.begun.wait, 20)
    waiting = asyncio.create_task(batcher.submit(["x"] * 15))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as refused:
        await batcher.submit(["b", "c"])
    assert refused.value.retry_after >= 1
    recorder.gate.set()
    await asyncio.gather(running, waiting)
    assert await batcher.submit(["b", "c"]) == ["B", "C"]


async def test_a_failure_reaches_its_callers_and_the_queue_goes_on(batcher: Batcher[str]) -> None:
    with pytest.raises(BackendFailed) as failed:
        await asyncio.wait_for(batcher.submit(["bad"]), 10)
    assert isinstance(failed.value.__cause__, ValueError)
    assert await batcher.submit(["good"]) == ["GOOD"]


async def test_texts_of_a_caller_that_left_are_not_computed(batcher: Batcher[str], recorder: Recorder) -> None:
    recorder.gate.clear()
    running = asyncio.create_task(batcher.submit(["a"]))
    await asyncio.to_thread(recorder.begun.wait, 20)
    gone = asyncio.create_task(batcher.submit(["gone"]))
    stays = asyncio.create_task(batcher.submit(["stays"]))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    recorder.gate.set()
    assert await asyncio.gather(running, stays) == [["A"], ["STAYS"]]
    assert recorder.batches == [["a"], ["stays"]]
