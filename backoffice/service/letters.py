"""What the back office writes to customers by e-mail."""

from datetime import timedelta

from babel.dates import format_timedelta

from backoffice.model.mail import Mail


def code_letter(to: str, digits: str, holds: timedelta) -> Mail:
    """A one-time code. The subject does not hold it: subjects are shown on locked screens."""
    lasts = format_timedelta(holds, granularity="minute", threshold=10, locale="en_IE")
    text = (
        f"Your Alderwick code is {digits}.\n\n"
        f"Type it into the chat within {lasts}. We never ask for it by phone or by e-mail.\n"
        "If you did not ask for a code, you need not do anything: without it nobody can change anything of yours.\n"
    )
    return Mail(to, "Your Alderwick code", text)
