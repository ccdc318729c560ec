"""What can keep the runner from doing its work, as opposed to a scenario that fails.

RunnerError
├── RasaUnreachable     nobody listens at the address
├── RasaTimedOut        no reply within the time a turn may take
├── RasaRefused         wrong or missing token, no HTTP API, no model loaded
└── RasaAnsweredBadly   a status or a body that Rasa's REST channel never sends

Every message is one sentence that a bot developer can act on.
"""


class RunnerError(Exception):
    """The run cannot go on; the text is shown as it is."""


class RasaUnreachable(RunnerError):
    """Nobody listens at the address, or the connection broke."""


class RasaTimedOut(RunnerError):
    """The turn took longer than ``--timeout``."""


class RasaRefused(RunnerError):
    """Rasa is there but does not let the runner in, or has no model."""


class RasaAnsweredBadly(RunnerError):
    """An HTTP status or body that a healthy Rasa does not send."""
