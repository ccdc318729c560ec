"""``python -m desk``."""

import sys

from desk.commands import main

if __name__ == "__main__":
    sys.exit(main())
