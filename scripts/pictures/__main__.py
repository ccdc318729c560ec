"""Take them all: beside a throw-away Frontdesk, as ``make pictures`` starts it, or one that ``DESK_URL`` names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.pictures import chat, inbox, pages
from scripts.pictures.studio import Studio

_FOLDER = Path("docs/pictures")


def main() -> int:
    """Customers in the chat, the team at work, the pages around it; 0 when every picture was taken."""
    shop, password = os.environ["DESK_URL"], os.environ["DESK_DEMO_STAFF_PASSWORD"]
    with sync_playwright() as playwright:
        studio = Studio(playwright, _FOLDER)
        try:
            chat.take(studio, shop)
            inbox.take(studio, shop, password)
            pages.take(studio, shop, password, database_url=os.environ["DESK_DATABASE_URL"])
        finally:
            studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
