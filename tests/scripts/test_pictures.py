"""What `make pictures` needs to be possible at any hour; the pictures are looked at by people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.company import read_company
from scripts.pictures.opening import always_open
from scripts.pictures.studio import zone_where_it_is


@pytest.mark.parametrize("moment", [datetime(2026, 12, 25, 11, tzinfo=UTC), datetime(2026, 11, 29, 2, tzinfo=UTC)])
def test_somebody_is_there_on_holidays_and_sunday_nights(tmp_path: Path, moment: datetime) -> None:
    shop = Path("desk/company.yml")
    company = read_company(always_open(shop, tmp_path / "pictures" / "company.yml"))

    assert not read_company(shop).hours.at(moment).open
    assert company.hours.at(moment).open
    assert company.greeting == read_company(shop).greeting


@pytest.mark.parametrize(("now", "zone"), [(9, "Etc/GMT-1"), (10, "Etc/GMT+0"), (23, "Etc/GMT-11"), (0, "Etc/GMT-10")])
def test_the_clock_of_the_pictures_shows_late_morning(now: int, zone: str) -> None:
    assert zone_where_it_is(10, now) == zone
