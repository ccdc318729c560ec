"""What can go wrong in the back office.

BackofficeError
├── BackofficeUnavailable     the data base cannot be asked, or did not answer in time
│   └── BackofficeNotMigrated the data base is there, its tables are not (or are older than the code)
├── MailUnavailable          the mail server did not take a letter
│   └── MailRefused           and never will: no such address, no permission
├── InvalidValue              a caller passed something that can never be right, such as a broken e-mail address
└── SeedConflict              demo rows would overwrite rows that are not demo rows
"""


class BackofficeError(Exception):
    """Base of everything this room raises on purpose."""


class BackofficeUnavailable(BackofficeError):
    """The data base cannot be asked. Nothing was changed; the same call may be tried again."""


class BackofficeNotMigrated(BackofficeUnavailable):
    """The tables are missing or older than the code: ``python -m backoffice migrate`` helps."""


class MailUnavailable(BackofficeError):
    """The letter was not taken; it may be sent again."""


class MailRefused(MailUnavailable):
    """The letter was refused for good."""


class InvalidValue(BackofficeError):
    """A value that can never be right. ``field`` names which; the message never repeats the value."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


class SeedConflict(BackofficeError):
    """A demo row would take the place of one that is not demo data; nothing was written."""
