"""``python -m answering``: the answers that staff approve."""

import sys

from answering.cli import main

if __name__ == "__main__":
    sys.exit(main())
