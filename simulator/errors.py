"""What can keep the simulator from working, as opposed to what it finds.

SimulatorError
├── BadBank        a file of sentences or goals is wrong
└── BadLedger      the back office's data base cannot be read, or is not the throw-away one it should be
"""


class SimulatorError(Exception):
    """The run cannot go on; the text is shown as it is."""


class BadBank(SimulatorError):
    """A file below ``simulator/bank`` is wrong; says where."""


class BadLedger(SimulatorError):
    """The data base cannot be read."""
