"""A wrong setting is told by its variable's name, never by its value, whichever process reads it."""

import re
from collections.abc import Callable, Sequence

import pytest

import actions.__main__
import answering.cli
import backoffice.commands
import desk.commands
import intent_service.__main__

Main = Callable[[Sequence[str]], int]


def _actions(_: Sequence[str]) -> int:
    actions.__main__.main()
    return 0


@pytest.mark.parametrize(
    ("main", "arguments", "variable"),
    [
        (desk.commands.main, ["dead", "list"], "DESK_QUEUE_MINUTES"),
        (backoffice.commands.main, ["tickets"], "BACKOFFICE_CODE_MINUTES"),
        (intent_service.__main__.main, ["serve"], "INTENT_SERVICE_PORT"),
        (intent_service.__main__.main, ["serve"], "INTENT_SERVICE_TIMEZONE"),
        (answering.cli.main, ["list"], "ANSWERING_ANSWER_AT"),
        (_actions, [], "ACTIONS_PORT"),
    ],
)
def test_the_variable_is_named_and_its_value_is_not(
    main: Main,
    arguments: Sequence[str],
    variable: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DESK_SECRET", "a-secret-of-these-tests")
    monkeypatch.setenv("ACTIONS_SECRET", "a-secret-of-these-tests")
    monkeypatch.setenv(variable, "hush-hush")
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code
    told = f"{code}" + "".join(capsys.readouterr())
    assert code not in {0, None}
    assert re.search(f"The setting {variable}: (Input should be a valid|is no)", " ".join(told.split()))
    assert "hush-hush" not in told
