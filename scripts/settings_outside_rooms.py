"""Settings that no room's settings class holds: the driver's, Rasa's, and what docker-compose.yml asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One variable; ``default`` is what holds when it is not set, and None where it must be set."""

    name: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Group:
    """Settings that belong to one process or file."""

    title: str
    where: str
    settings: tuple[Setting, ...]


DRIVER = Group(
    "Make and the driver",
    "scripts/frontdesk",
    (
        Setting("FRONTDESK_VAR", "var", "Folder of the data bases, the index, the logs and the generated secrets."),
        Setting("FRONTDESK_INTENT_SERVICE_PORT", "8001", "Port that `make run` gives to the intent service."),
        Setting("FRONTDESK_ACTIONS_PORT", "5055", "Port that `make run` gives to the action server."),
        Setting("FRONTDESK_RASA_PORT", "5005", "Port that `make run` gives to Rasa."),
        Setting("LLM", "", "`local`: `make run` starts a very small language model on this machine and asks it."),
        Setting("FRONTDESK_LLM_PORT", "8090", "Port that `make run LLM=local` gives to it."),
        Setting(
            "FRONTDESK_ELASTICSEARCH",
            "../shared/elasticsearch/elasticsearch",
            "Starts an Elasticsearch for tests and measurements; TEST_ELASTICSEARCH_URL names a running one.",
        ),
        Setting("FRONTDESK_TEST_NO_SKIPS", "0", "1: `make test` counts a skipped test as failed."),
    ),
)

RASA = Group(
    "Rasa and what runs inside it",
    "endpoints.yml, rasa_extensions",
    (
        Setting("ACTIONS_URL", "set by `make run`", "Address of the action server's webhook."),
        Setting("INTENT_SERVICE_URL", "http://127.0.0.1:8001", "Base address of the intent service."),
        Setting("INTENT_SERVICE_TIMEOUT_S", "0.4", "Longest wait for the meaning of a message, in seconds."),
        Setting("FRONTDESK_ACTION_TIMEOUT_S", "15.0", "Longest wait for a custom action, in seconds."),
        Setting("RASA_TRACKER_DIALECT", "sqlite", "Kind of data base for conversations: sqlite or postgresql."),
        Setting("RASA_TRACKER_HOST", "", "Host of that data base; empty for SQLite."),
        Setting("RASA_TRACKER_DB", "var/tracker.db", "Its name, or the file for SQLite."),
        Setting("RASA_TRACKER_USER", "", "Its user; empty for SQLite."),
        Setting("RASA_TRACKER_PASSWORD", "", "Its password; empty for SQLite."),
    ),
)

COMPOSE = Group(
    "docker-compose.yml",
    "docker-compose.yml, beside ACTIONS_SECRET; make each secret with `openssl rand -hex 32`",
    (
        Setting("POSTGRES_PASSWORD", None, "Password of the data base user `frontdesk`, of letters and digits."),
        Setting("REDIS_PASSWORD", None, "Password of Redis."),
        Setting("ELASTIC_PASSWORD", None, "Password of Elasticsearch's user `elastic`."),
        Setting("RASA_AUTH_TOKEN", None, "Token that Rasa's own HTTP API asks for."),
        Setting(
            "FRONTDESK_PUBLISHED_PORT", "5005", "Port of this machine, on its loopback address, that reaches Rasa."
        ),
    ),
)
