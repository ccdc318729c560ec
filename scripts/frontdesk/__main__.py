"""Entry point. Written so that an old Python can read it far enough to say that it is too old."""

import sys

# ruff: noqa: UP031 - no f-strings here

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.stderr.write(
        "Frontdesk needs Python 3.11 or newer, and %s is %d.%d: install a newer one, "
        "or name it with `make PYTHON=python3.12 run`.\n" % (sys.executable, sys.version_info[0], sys.version_info[1])
    )
    sys.exit(1)

from scripts.frontdesk.cli import main  # noqa: E402 - only after the version check

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
