"""Settings: checked once, frozen, silent about secrets."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from backoffice.settings import BackofficeSettings


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKOFFICE_TRIES", "5")
    monkeypatch.setenv("BACKOFFICE_LOCK_MINUTES", "7")
    monkeypatch.setenv("BACKOFFICE_VERIFICATION_MINUTES", "9")
    rules = BackofficeSettings().access_rules()

    assert (rules.conversation.failures, rules.conversation.closed_for) == (5, timedelta(minutes=7))
    assert rules.lasts == timedelta(minutes=9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("tracking_url", "https://example.com/"),
        ("tries", 0),
        ("verification_minutes", -1),
        ("holidays_country", "Atlantis"),
        ("tickets", "zendesk"),
        ("shop", "http"),
        ("shop_url", "http://shop.example"),
    ],
)
def test_values_that_cannot_be_right_stop_the_start(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        BackofficeSettings(**{name: value})


def test_the_password_of_the_data_base_is_not_shown() -> None:
    assert "s3cret" not in repr(BackofficeSettings(database_url="postgresql+psycopg://me:s3cret@db/x"))


def test_settings_cannot_be_changed_and_are_all_described() -> None:
    settings = BackofficeSettings()

    with pytest.raises(ValidationError):
        settings.tries = 99
    assert all(field.description for field in BackofficeSettings.model_fields.values())
