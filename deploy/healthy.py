# ruff: noqa: INP001 - a file of the images, run by its path
"""Exit code 0 when the address given answers 200: the images' health check, where no curl is installed."""

import sys
import urllib.request

try:
    with urllib.request.urlopen(sys.argv[1], timeout=2) as answer:  # noqa: S310 - the address stands in the Dockerfile
        sys.exit(answer.status != 200)  # noqa: PLR2004 - HTTP OK
except OSError:
    sys.exit(1)
