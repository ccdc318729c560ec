"""How our processes show each other who they are."""

SECRET_HEADER = "x-frontdesk-secret"  # noqa: S105  # a header's name
