"""The browser that the pictures are taken in: windows of one size, files of few colours."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect

DESKTOP: ViewportSize = {"width": 1280, "height": 834}
PHONE: ViewportSize = {"width": 390, "height": 700}
SHARPNESS = 1.5  # pixels of the file to one of the page
PATIENCE_MS = 30_000
_CHROMIUM = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))
_FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
_COLOURS = 256
_MORNING = 10


class Studio:
    """Opens windows and keeps what is seen in them below ``folder``."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        """Start the browser; pictures that are there already are replaced."""
        expect.set_options(timeout=PATIENCE_MS)
        self._browser: Browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        self._folder = folder
        self._zone = zone_where_it_is(_MORNING, datetime.now(UTC).hour)

    def window(self, size: ViewportSize = DESKTOP, *, dark: bool = False) -> BrowserContext:
        """A browser window of its own cookies; its clock shows late morning, whenever the pictures are taken."""
        context = self._browser.new_context(
            viewport=size,
            device_scale_factor=SHARPNESS,
            locale="en-IE",
            timezone_id=self._zone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def take(self, page: Page, name: str) -> None:
        """Keep what the page shows as ``<name>.png``."""
        covering = page.get_by_role("button", name="Close this message")
        while covering.count():
            covering.first.click()
        page.wait_for_timeout(600)  # what was just said is still moving into place
        taken = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        few = taken.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
        file = self._folder / f"{name}.png"
        few.save(file, optimize=True)
        print(f"  {file.name}: {file.stat().st_size / 1000:.0f} kB", flush=True)

    def close(self) -> None:
        """End the browser."""
        self._browser.close()


def zone_where_it_is(hour: int, now: int) -> str:
    """The name of a zone whose clock shows ``hour`` while it is ``now`` in UTC."""
    west = (now - hour + 12) % 24 - 12  # POSIX counts to the west
    return f"Etc/GMT{west:+d}"
