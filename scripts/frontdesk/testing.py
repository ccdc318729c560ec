"""`make lint` and `make test`: every check, the whole system with throw-away data, and one verdict."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scripts.frontdesk.catalogue import model_steps
from scripts.frontdesk.checks import conversations_report, lint_steps, missing_tools, system_steps, test_steps
from scripts.frontdesk.child import tail
from scripts.frontdesk.layout import Layout
from scripts.frontdesk.ports import free_port
from scripts.frontdesk.problems import RunError
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.stack import Stack
from scripts.frontdesk.steps import Plan, Step
from scripts.frontdesk.verdict import Verdict

ALL_MUST_RUN = "FRONTDESK_TEST_NO_SKIPS"
"""Set to 1 where every server is there: a skipped test then is a failure."""

_SHOWN_LINES = 40

_PATIENCE = {
    "INTENT_SERVICE_TIMEOUT_S": "3",
    "RETRIEVAL_EMBED_TIMEOUT_SECONDS": "3",
}
"""A customer is not kept waiting this long; a test on a busy machine is, or it would test the machine."""

MANY_CUSTOMERS = {"BACKOFFICE_CODE_SENDS_PER_ADDRESS": "500", "BACKOFFICE_THROTTLE_FAILURES": "500"}
"""The conversations of one run ask for more codes than the few demo customers would in an hour."""


def run_lint(stack: Stack) -> int:
    """All static checks; the exit code."""
    lints = lint_steps(stack.layout)
    environments = stack.plan_for(*{name for lint in lints for name in lint.after})
    stack.carry_out(Plan([*environments.steps, *lints]))
    _show(stack, stack.failed_checks)
    _say(stack, missing_tools())
    return 1 if stack.failed_checks else 0


def throwaway(layout: Layout, env: Mapping[str, str], progress: Progress, *, name: str = "test") -> Stack:
    """A stack of its own on free ports with empty data below ``var/<name>``, beside one that may be running."""
    var = layout.root / "var" / name
    shutil.rmtree(var, ignore_errors=True)
    own = replace(layout, var=var, ports={name: free_port() for name in layout.ports})
    decided_here = (
        *("BACKOFFICE_DATABASE_URL", "BACKOFFICE_MAIL", "RETRIEVAL_"),
        *("RASA_TRACKER_", "INTENT_SERVICE_", "ACTIONS_", "DESK_"),
    )
    kept = {k: v for k, v in env.items() if not k.startswith(decided_here)}
    return Stack(own, kept | _PATIENCE | MANY_CUSTOMERS, progress)


def run_tests(stack: Stack) -> int:
    """Lints and models first, then the tests, then the system; the exit code.

    Args:
        stack: a throw-away stack.
    """
    layout = stack.layout
    lints, models = lint_steps(layout), model_steps(layout)
    tests = test_steps(layout, after=[step.name for step in (*lints, *models)])
    plan = stack.plan(tests=True)
    done = tuple(step.name for step in tests)
    # Servers start when the tests are done: both at once would only slow each other down on two cores. The demo's
    # orders are dated from the moment they are written, so they are written then, too.
    servers = [replace(server, after=(*server.after, *done)) for server in plan.processes]
    steps = [replace(step, after=(*step.after, *done)) if step.private else step for step in plan.steps]
    system = system_steps(layout, stack.env)
    verdict = Verdict()
    try:
        stack.carry_out(Plan([*steps, *lints, *tests, *system], servers))
    except RunError as error:
        _say(stack, ["", *map("    {}".format, error.tail)])
        verdict.add_trouble(str(error))
    else:
        verdict.add_conversations(layout.logs / "conversations.log", report=conversations_report(layout))
        verdict.add_conversations(layout.logs / "simulate.log", what="simulated customers")
        verdict.add_intent_figures(layout.logs / "eval-intents.log")
    may_skip = stack.env.get(ALL_MUST_RUN) != "1"
    for test in tests:
        verdict.add_pytest(layout.var / "reports" / f"{test.name}.xml", may_skip=may_skip)
    counted = {step.name for step in (*tests, *system)}
    for step in stack.failed_checks:
        if step.name not in counted:
            verdict.add_trouble(f"{step.title} failed")
    if stack.failed_checks and not verdict.failed:
        verdict.add_trouble(f"{stack.failed_checks[0].title} failed, although nothing in it was counted as failed")
    _show(stack, stack.failed_checks)
    _say(stack, [*missing_tools(), *verdict.notes(), *verdict.named(), *verdict.troubles, verdict.closing_line()])
    return 1 if verdict.failed else 0


def _show(stack: Stack, failed: Sequence[Step]) -> None:
    for step in failed:
        log = stack.layout.logs / f"{step.name}.log"
        _say(stack, ["", f"{step.title} failed ({log}):", *map("    {}".format, tail(log, _SHOWN_LINES))])


def _say(stack: Stack, lines: Sequence[str]) -> None:
    for line in lines:
        stack.progress.say(line)
