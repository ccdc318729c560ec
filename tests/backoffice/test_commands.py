"""``python -m backoffice``: what a person at the terminal sees."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from backoffice.bootstrap import Backoffice, build_backoffice
from backoffice.commands import main
from backoffice.model.ticket import Priority

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("BACKOFFICE_DATABASE_URL", database_url)

    def run_command(*arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        code = main(arguments, console=Console(file=out, width=200))
        return code, out.getvalue()

    return run_command


@pytest.mark.usefixtures("shop_restored")
def test_migrate_and_seed_may_be_run_again(run: Callable[..., tuple[int, str]]) -> None:
    assert run("migrate") == (0, "back office tables are at version 0003\n")
    code, told = run("seed-demo")
    assert (code, run("seed-demo")) == (0, (0, told))
    assert told.startswith("demo company: 14 customers, 34 orders")


def test_lists_show_names_and_statuses(run: Callable[..., tuple[int, str]]) -> None:
    _, customers = run("customers")
    _, orders = run("orders")

    assert "Tomasz Zieliński" in customers
    line = next(line for line in orders.splitlines() if "10046" in line)
    assert "Aoife Brennan" in line
    assert "€127.00" in line


def test_tickets_are_listed_and_shown(run: Callable[..., tuple[int, str]], build: Callable[[], Backoffice]) -> None:
    backoffice = build()
    number = backoffice.tickets.open_ticket(
        idempotency_key="k",
        conversation_id="c1",
        reason="order_late",
        summary="[bold]Parcel[/bold] is late",
        priority=Priority.URGENT,
        collected={"order_number": "10031"},
        message_id="m-77",
    ).number

    _, listed = run("tickets", "--state", "open")
    assert number in listed
    assert "[bold]Parcel[/bold] is late" in listed
    assert number not in run("tickets", "--state", "resolved")[1]
    code, shown = run("ticket", number.lower())
    assert code == 0
    for part in (number, "order_late", '"order_number": "10031"', "ticket.opened", "m-77"):
        assert part in shown


@pytest.mark.parametrize("number", ["T-100000", "nonsense"])
def test_an_unknown_ticket_is_one_sentence(run: Callable[..., tuple[int, str]], number: str) -> None:
    code, told = run("ticket", number)

    assert (code, told.count("\n")) == (1, 1)
    assert "no such ticket" in told


def test_a_missing_table_is_one_sentence_not_a_trace(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKOFFICE_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")

    assert main(["orders"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_module_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backoffice", "migrate"],
        cwd=ROOT,
        env={"BACKOFFICE_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "version 0003" in done.stdout
    backoffice = build_backoffice()
    backoffice.close()
