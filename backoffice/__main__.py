"""``python -m backoffice``."""

import sys

from backoffice.commands import main

if __name__ == "__main__":
    sys.exit(main())
