"""Steps side by side, processes that stay, and nothing left behind when something fails."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scripts.frontdesk import serving
from scripts.frontdesk.child import Child, tail
from scripts.frontdesk.problems import RunError
from scripts.frontdesk.serving import answers
from tests.scripts.conftest import SERVER, alive

WAITS_FOR_EVER = "import time; print('waiting', flush=True); time.sleep(600)"
NOT_READY = SERVER.replace("send_response(200)", "send_response(503)")


async def forever() -> int:
    await asyncio.Event().wait()
    return 0


async def test_steps_that_do_not_need_each_other_run_at_the_same_time(workshop: Any) -> None:
    # Each waits for the other's file: one after the other they would wait for ever.
    def meet(mine: str, other: str) -> str:
        return (
            f"import pathlib, time; pathlib.Path('{mine}').touch()\n"
            f"deadline = time.monotonic() + 20\n"
            f"while not pathlib.Path('{other}').exists():\n"
            f"    assert time.monotonic() < deadline; time.sleep(.01)"
        )

    await workshop.run(workshop.step("left", meet("l", "r")), workshop.step("right", meet("r", "l"))).execute()


async def test_a_step_waits_for_the_steps_and_processes_it_needs(workshop: Any, tmp_path: Any) -> None:
    model = workshop.step("model", "open('model', 'w')")
    server = replace(workshop.server("service"), after=("model",))
    index = workshop.step(
        "index", f"import urllib.request as u; u.urlopen({server.ready!r}); open('model')", needs=("service",)
    )
    await workshop.run(index, server, model).execute()
    assert (tmp_path / "state" / "index.json").exists()


async def test_a_step_that_is_current_does_not_wait_for_its_process(workshop: Any, tmp_path: Any) -> None:
    index = workshop.step("index", "")
    await workshop.run(index).execute()
    later = replace(workshop.server("service"), after=("index",))
    await asyncio.wait_for(workshop.run(replace(index, needs=("service",)), later).execute(), timeout=20)
    assert (tmp_path / "log" / "service.log").exists()


async def test_what_follows_runs_while_the_processes_are_ready_and_they_end_after_it(workshop: Any) -> None:
    server = workshop.server("service")

    async def look() -> int:
        assert await asyncio.to_thread(answers, server.ready)
        return 7

    run = workshop.run(server)
    await run.execute(look)
    assert run.code == 7
    assert not answers(server.ready)


async def test_a_failing_step_ends_the_rest_and_shows_the_end_of_its_log(workshop: Any) -> None:
    failing = workshop.step("import", "print('line one', flush=True); raise SystemExit('the file is torn')")
    waiting = workshop.step("other", WAITS_FOR_EVER)
    run = workshop.run(failing, waiting, workshop.server("service"))
    begun = time.monotonic()
    with pytest.raises(RunError, match=r"the import failed \(exit code 1\)") as caught:
        await run.execute()
    assert caught.value.tail == ("line one", "the file is torn")
    assert time.monotonic() - begun < 15
    assert run.pids == {}


async def test_a_failing_check_is_counted_and_the_rest_goes_on(workshop: Any, lines_of: Callable[[str], Any]) -> None:
    check = workshop.step("lint", "raise SystemExit(1)", check=True, stamp=None)
    after = workshop.step("tests", "open('ran', 'w').write('yes')", after=("lint",))
    run = workshop.run(check, after)
    await run.execute()
    assert [step.name for step in run.failed_checks] == ["lint"]
    assert lines_of("ran") == ["yes"]


async def test_a_process_that_dies_ends_the_others_with_its_last_lines(workshop: Any) -> None:
    staying = workshop.server("service")
    dying = workshop.server("actions", SERVER.replace("serve_forever()", "handle_request(); print('out of ink')"))
    with pytest.raises(RunError, match="the actions ended by itself") as caught:
        await workshop.run(staying, dying).execute(forever)
    assert "out of ink" in caught.value.tail
    assert not answers(staying.ready)


async def test_a_process_that_never_gets_ready_is_named_with_what_it_says_is_missing(workshop: Any) -> None:
    says = """self.send_response(503); self.end_headers()
        self.wfile.write(b'{"error": {"message": "the tables are old"}}')"""
    old = workshop.server("desk", SERVER.replace("self.send_response(200); self.end_headers()", says), patience=1.5)
    with pytest.raises(RunError, match=r"was not ready within 2 s.*\(the tables are old\)"):
        await workshop.run(old).execute(forever)


async def test_a_process_that_dies_in_service_is_started_again(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_PAUSE_SECONDS", 0.0)
    service = workshop.server("service")
    run = workshop.run(service, workshop.server("rasa"), restarts=1)

    async def kill_it_and_wait() -> int:
        first = run.pids["service"]
        os.kill(first, signal.SIGKILL)
        while run.pids.get("service", first) == first or not await asyncio.to_thread(answers, service.ready):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return 0

    await asyncio.wait_for(run.execute(kill_it_and_wait), timeout=20)
    assert "the service ended by itself (killed by signal 9); it is started again" in workshop.shown.getvalue()
    assert (workshop.root / "log" / "service.log").read_text(encoding="utf-8").count("serving") == 2


async def test_a_process_that_dies_while_others_are_still_starting_ends_them(workshop: Any) -> None:
    dying = workshop.server("service", SERVER.replace("serve_forever()", "handle_request()"))
    with pytest.raises(RunError, match="the service ended by itself"):
        await asyncio.wait_for(
            workshop.run(dying, workshop.server("rasa", NOT_READY), restarts=9).execute(), timeout=20
        )


async def test_a_process_that_dies_again_and_again_ends_the_rest(
    workshop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_PAUSE_SECONDS", 0.0)
    dying = workshop.server("service", SERVER.replace("serve_forever()", "handle_request()"))
    with pytest.raises(RunError, match="the service ended by itself"):
        await asyncio.wait_for(workshop.run(dying, restarts=2).execute(forever), timeout=20)
    assert (workshop.root / "log" / "service.log").read_text(encoding="utf-8").count("serving") == 3


async def test_a_process_that_dies_before_it_is_ready_is_not_waited_for(workshop: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(RunError, match="ended by itself"):
        await workshop.run(workshop.server("service", "raise SystemExit('no model')")).execute()
    assert time.monotonic() - begun < 15


async def test_a_process_that_never_gets_ready_is_given_up(workshop: Any) -> None:
    process = replace(workshop.server("service", NOT_READY), patience=1.0)
    with pytest.raises(RunError, match="not ready within 1 s"):
        await workshop.run(process).execute()


async def test_a_command_that_is_not_there_is_said_in_one_sentence(workshop: Any) -> None:
    step = replace(workshop.step("x", ""), command=("/no/such/python", "-c", ""))
    with pytest.raises(RunError, match="could not be started"):
        await workshop.run(step).execute()


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
DEAF_WITH_CHILD = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {DEAF!r}]).pid); {DEAF}"


async def test_a_log_that_is_emptied_while_it_is_written_goes_on_from_its_beginning(tmp_path: Any) -> None:
    log = tmp_path / "log"
    command = ("sh", "-c", "echo before; read -r _ < go; echo after")
    os.mkfifo(tmp_path / "go")
    child = await Child.start(command, cwd=tmp_path, env={}, log=log)
    while not log.read_bytes():  # noqa: ASYNC110 - written by the child
        await asyncio.sleep(0.01)
    os.truncate(log, 0)
    await asyncio.to_thread((tmp_path / "go").write_text, "go\n")
    await child.wait()
    assert log.read_bytes() == b"after\n"


async def test_a_child_that_will_not_end_is_killed_with_its_own_children(tmp_path: Any) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", DEAF_WITH_CHILD]
    child = await Child.start(command, cwd=tmp_path, env={"PYTHONUNBUFFERED": "1"}, log=log)
    while tail(log).count("deaf") < 2:  # noqa: ASYNC110 - another process's output tells no event
        await asyncio.sleep(0.02)
    await child.end(grace=0.3)
    assert child.code == -9
    assert not alive(int(next(line for line in tail(log) if line != "deaf")))


def test_the_end_of_a_log_is_what_a_terminal_would_show(tmp_path: Any) -> None:
    (tmp_path / "log").write_bytes(b"first\n\n\r10%\r100%\r\n\x1b[31mred\x1b[0m\nlast")
    assert tail(tmp_path / "log", 3) == ["100%", "red", "last"]
    assert tail(tmp_path / "none") == []


async def test_what_processes_and_steps_with_customers_data_write_is_for_this_user_only(workshop: Any) -> None:
    write = "from pathlib import Path; Path('{}').write_text('x')"
    await workshop.run(
        workshop.step("model", write.format("model")),
        workshop.step("data", write.format("data"), private=True),
        workshop.server("desk", f"{write.format('mail')}\n{SERVER}"),
    ).execute()
    modes = {name: stat.S_IMODE((workshop.root / name).stat().st_mode) for name in ("model", "data", "mail")}
    assert modes["data"] == modes["mail"] == 0o600
    assert modes["model"] & 0o044
