"""Several commands, one after the other, as one step: ``python -m scripts.frontdesk.several "a x" "b y"``."""

from __future__ import annotations

import subprocess
import sys


def main(commands: list[str]) -> int:
    """Run each with this interpreter; stop at the first that fails and return its exit code."""
    for command in commands:
        print("$ python -m", command, flush=True)
        code = subprocess.run([sys.executable, "-m", *command.split()], check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
