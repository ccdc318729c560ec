"""The commands behind the Makefile's targets."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from scripts.frontdesk.catalogue import rasa_arguments
from scripts.frontdesk.checks import conversation_arguments, simulator_arguments
from scripts.frontdesk.environments import pip_settings_for_uv
from scripts.frontdesk.layout import Layout, environment
from scripts.frontdesk.locking import lock
from scripts.frontdesk.ports import free_port
from scripts.frontdesk.problems import Interrupted, RunError
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.stack import Stack, repository_root
from scripts.frontdesk.testing import run_lint, run_tests, throwaway
from scripts.pictures.opening import always_open

_INTERRUPTED = 130
_RESTARTS = 3


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="frontdesk", description="Build, run and check Frontdesk.")
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to the command behind it")
    chosen = parser.parse_args(arguments)
    return told_in_one_sentence(lambda: _COMMANDS[chosen.command](_stack(), chosen.rest))


def told_in_one_sentence(command: Callable[[], int]) -> int:
    """Carry out a command; a failure that a person can mend ends as one sentence on stderr, under the log's end."""
    try:
        return command()
    except Interrupted as stopped:
        print(stopped, file=sys.stderr)
        return _INTERRUPTED
    except RunError as error:
        _explain(error)
        return 1


def _stack() -> Stack:
    root = repository_root()
    os.chdir(root)
    env = environment(root)
    return Stack(Layout.from_environment(root, env), env, Progress())


def _run(stack: Stack, _: Sequence[str]) -> int:
    async def stay() -> int:
        print(_invitation(stack), flush=True)
        await asyncio.Event().wait()
        return 0

    try:
        stack.carry_out(stack.plan(), then=stay, restarts=_RESTARTS)
    except Interrupted:
        print("Frontdesk has stopped.")
    return 0


def _shell(stack: Stack, rest: Sequence[str]) -> int:
    async def shell() -> int:
        port = rasa_arguments(stack.layout, port=free_port())
        command = [str(stack.layout.rasa_python), "-m", "rasa", "shell", *port, *rest]
        return await _foreground(stack, command)

    servers = () if stack.runs("intent_service", "actions") else ("intent_service", "actions")
    return stack.carry_out(stack.plan_for("rasa-model", *servers), then=shell).code


def _train(stack: Stack, _: Sequence[str]) -> int:
    stack.carry_out(stack.plan_for("intent-model", "rasa-model"))
    print(f"The models are in {stack.layout.root / 'models'}.")
    return 0


def _learn(stack: Stack, _: Sequence[str]) -> int:
    """The intent model alone is trained: the rules ask for intents by name and do not change with their examples."""
    if not stack.runs("intent_service"):
        stack.carry_out(stack.plan_for("intent-model"))
        print("The intent service does not run here; it serves the new model from its next start on.")
        return 0

    async def activate() -> int:
        return await _foreground(stack, [str(stack.layout.main_python), "-m", "intent_service", "activate"])

    return stack.carry_out(stack.plan_for("intent-model"), then=activate).code


def _test(stack: Stack, _: Sequence[str]) -> int:
    return run_tests(throwaway(stack.layout, environment(stack.layout.root), stack.progress))


def _lint(stack: Stack, _: Sequence[str]) -> int:
    return run_lint(stack)


def _conversations(stack: Stack, rest: Sequence[str]) -> int:
    arguments = [*conversation_arguments(stack.layout, stack.env), *(rest or ["--coverage"])]
    return _with_running(
        stack,
        ["conversation_runner", *arguments],
        servers=("intent_service", "actions", "rasa"),
        before=("backoffice", "seed-demo"),  # conversations cancel and return; every run begins with the same orders
    )


def _simulate(stack: Stack, rest: Sequence[str]) -> int:
    own = throwaway(stack.layout, environment(stack.layout.root), stack.progress, name="simulate")
    arguments = [*simulator_arguments(own.layout, own.env), *rest]
    return _with_running(own, ["simulator", *arguments], servers=("intent_service", "actions", "rasa"))


def _eval_intents(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["intent_service", "evaluate", *rest], steps=("intent-model",))


def _eval_intents_public(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["intent_service", "evaluate", "--public", *rest])


def _eval_intents_robust(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["intent_service", "evaluate", "--robust", *rest], steps=("intent-model",))


def _bench_intent(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["benchmarks.intent", *rest], steps=("intent-model", "env-dev"))


def _bench_turn(stack: Stack, rest: Sequence[str]) -> int:
    servers = ("intent_service", "actions", "rasa")
    return _with_running(stack, ["benchmarks.turn", *rest], steps=("env-dev",), servers=servers)


def _eval_policies(stack: Stack, rest: Sequence[str]) -> int:
    own = throwaway(stack.layout, environment(stack.layout.root), stack.progress, name="policies")
    tickets = conversation_arguments(own.layout, own.env)[2:]
    module = ["benchmarks.policies", *tickets, *rest]
    return _with_running(own, module, steps=("env-dev", "env-rasa"), servers=("intent_service", "actions"))


_BUILT = ("env-dev", "intent-model", "rasa-model", "knowledge-index")


def _bench_desk(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["benchmarks.gateway", *rest], steps=_BUILT)


def _bench_reviews(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["desk.reviews.bench", *rest])


def _bench_console(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["desk.inbox.bench", *rest])


def _chaos(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["benchmarks.chaos", *rest], steps=_BUILT)


def _eval_retrieval(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["retrieval", "evaluate", *rest], servers=("intent_service",))


def _eval_escalation(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["answering.evaluation", "escalation", *rest], servers=("intent_service",))


def _eval_grounding(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["answering.evaluation", "grounding", *rest], servers=("intent_service",))


def _eval_follow_ups(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["answering.evaluation", "follow-ups", *rest], servers=("intent_service",))


def _eval_answers(stack: Stack, rest: Sequence[str]) -> int:
    servers = ("intent_service", "actions", "rasa")
    return _with_running(stack, ["answering.evaluation", "answers", *rest], servers=servers)


def _eval_guards(stack: Stack, rest: Sequence[str]) -> int:
    for what in ("injection", "personal-data"):
        if code := _with_running(stack, ["answering.evaluation", what, *rest]):
            return code
    return 0


def _bench_retrieval(stack: Stack, rest: Sequence[str]) -> int:
    return _with_running(stack, ["retrieval", "bench", *rest], servers=("intent_service",))


def _with_running(
    stack: Stack,
    module: Sequence[str],
    *,
    steps: Sequence[str] = (),
    servers: Sequence[str] = (),
    before: Sequence[str] = (),
) -> int:
    """Run ``python -m <module> …`` after ``steps`` and beside ``servers``; those not running are started and ended."""

    async def foreground() -> int:
        for part in (before, module):
            if part and (code := await _foreground(stack, [str(stack.layout.main_python), "-m", *part])):
                return code
        return 0

    wanted = ("env-main",) if stack.runs(*servers) else servers
    return stack.carry_out(stack.plan_for(*steps, *wanted), then=foreground).code


async def _foreground(stack: Stack, command: Sequence[str]) -> int:
    """A command that has the terminal, so that Ctrl-C reaches it directly; it is ended when we are."""
    process = await asyncio.create_subprocess_exec(*command, cwd=stack.layout.root, env=stack.env)
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _docs(stack: Stack, _: Sequence[str]) -> int:
    stack.carry_out(stack.plan_for("env-main"))
    command = [str(stack.layout.main_python), "-m", "scripts.generate_settings_docs"]
    return subprocess.run(command, env=stack.env, check=False).returncode


def _pictures(stack: Stack, rest: Sequence[str]) -> int:
    own = throwaway(stack.layout, environment(stack.layout.root), stack.progress, name="pictures")
    company = always_open(own.layout.root / "desk" / "company.yml", own.layout.var / "company.yml")
    # All customers and colleagues of the pictures come from one address, within two minutes.
    many = {f"DESK_{what}_PER_ADDRESS": "6000/minute" for what in ("REQUESTS", "CONVERSATIONS", "SIGN_INS")}
    own.env |= {"DESK_COMPANY": str(company), **many}
    servers = ("intent_service", "actions", "rasa", "desk")
    return _with_running(own, ["scripts.pictures", *rest], steps=("env-dev",), servers=servers)


def _command(stack: Stack, rest: Sequence[str]) -> int:
    """One of our own commands with what `make run` gives its processes: ``.env``, secrets, addresses, data bases."""
    if not rest:
        raise RunError('Say which command: make command ARGS="desk account list".')
    if not stack.layout.main_python.exists():
        raise RunError("There is no environment yet: `make run` sets it up.")
    command = [str(stack.layout.main_python), "-m", *rest]
    return subprocess.run(command, cwd=stack.layout.root, env=stack.env, check=False).returncode


def _lock(stack: Stack, rest: Sequence[str]) -> int:
    stack.carry_out(stack.plan_for("env-uv"))
    lock(stack.layout.root, pip_settings_for_uv(stack.env), rest)
    return 0


def _stop(stack: Stack, _: Sequence[str]) -> int:
    ended = stack.note.stop()
    print(f"Stopped: {', '.join(ended)}." if ended else "Nothing of Frontdesk is running from this folder.")
    return 0


def _clean(stack: Stack, _: Sequence[str]) -> int:
    for name in (".venv", ".venv-rasa", ".venv-llm", "var", ".rasa", ".mypy_cache", ".ruff_cache", ".pytest_cache"):
        shutil.rmtree(stack.layout.root / name, ignore_errors=True)
    for name in ("intent", "encoder", "rasa"):
        shutil.rmtree(stack.layout.root / "models" / name, ignore_errors=True)
    print("Environments, models and run-time data are gone; `make run` makes them again.")
    return 0


def _invitation(stack: Stack) -> str:
    door = stack.layout.address("desk")
    return "\n".join(
        [
            "",
            f"Frontdesk is open: {door}/ is the demo shop with the chat in it (or `make shell` in another terminal).",
            f"The staff console: {door}/console, as agent@alderwick.example (or lead@, editor@, developer@, admin@),",
            f"  password {stack.env['DESK_DEMO_STAFF_PASSWORD']}",
            "By hand, in Rasa's own format:",
            f"  {curl_for(door, 'ann', 'Where is my order 10046?')}",
            f"  {curl_for(door, 'ben', 'How long do I have to send something back?')}",
            f"  {curl_for(door, 'cat', 'get me a human')}",
            f"Customers and orders to try: docs/demo-company.md. Logs: {stack.layout.logs}. Ctrl-C ends everything.",
        ]
    )


def curl_for(door: str, sender: str, text: str) -> str:
    """A command line that says ``text`` to the gateway at ``door`` (test_api.py tries it)."""
    body = shlex.quote(json.dumps({"sender": sender, "message": text}))
    return f"curl -s {door}/webhooks/rest/webhook -H 'Content-Type: application/json' -d {body}"


def _explain(error: RunError) -> None:
    for line in error.tail:
        print(f"    {line}", file=sys.stderr)
    print(f"\n{error}", file=sys.stderr)
    if error.log is not None:
        print(f"The full log is {error.log}.", file=sys.stderr)


_COMMANDS: dict[str, Callable[[Stack, Sequence[str]], int]] = {
    "run": _run,
    "shell": _shell,
    "train": _train,
    "learn": _learn,
    "test": _test,
    "lint": _lint,
    "docs": _docs,
    "pictures": _pictures,
    "command": _command,
    "conversations": _conversations,
    "simulate": _simulate,
    "eval-intents": _eval_intents,
    "eval-intents-public": _eval_intents_public,
    "eval-intents-robust": _eval_intents_robust,
    "bench-intent": _bench_intent,
    "bench-turn": _bench_turn,
    "eval-policies": _eval_policies,
    "bench-desk": _bench_desk,
    "bench-reviews": _bench_reviews,
    "bench-console": _bench_console,
    "chaos": _chaos,
    "eval-retrieval": _eval_retrieval,
    "bench-retrieval": _bench_retrieval,
    "eval-answers": _eval_answers,
    "eval-escalation": _eval_escalation,
    "eval-follow-ups": _eval_follow_ups,
    "eval-grounding": _eval_grounding,
    "eval-guards": _eval_guards,
    "lock": _lock,
    "stop": _stop,
    "clean": _clean,
}
