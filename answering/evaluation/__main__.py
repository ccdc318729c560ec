"""``python -m answering.evaluation <what>``."""

import argparse
import sys

from answering.evaluation import answers, escalation, follow_ups, grounding, injection, personal_data

_RUNS = {
    "answers": answers.run,
    "personal-data": personal_data.run,
    "escalation": escalation.run,
    "follow-ups": follow_ups.run,
    "grounding": grounding.run,
    "injection": injection.run,
}


def main() -> int:
    """Run one measurement."""
    parser = argparse.ArgumentParser(prog="python -m answering.evaluation", description=__doc__)
    parser.add_argument("what", choices=sorted(_RUNS))
    parser.add_argument("--fit", action="store_true", help="fit the weights first (grounding, follow-ups)")
    parser.add_argument(
        "--read-again", action="store_true", help="ask the configured second reader, too; costs money (grounding)"
    )
    parser.add_argument("--ladder", action="store_true", help="ask the ladder alone (answers)")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what was judged wrongly")
    options = parser.parse_args()
    return _RUNS[options.what](options)


if __name__ == "__main__":
    sys.exit(main())
