"""A conversation's past states worked out once a prediction.

RulePolicy asks for them twice after each message, once to look for a rule by the message's text and once by its
intent. Stock Rasa replays the whole history each time, the longer the conversation the dearer; both times with the
same result.
"""

from __future__ import annotations

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

_KEPT = "frontdesk_past_states"
"""Attribute of a tracker: until which event its states were worked out, for which domain, and the states."""

_stock = TrackerFeaturizer._create_states


def create_states(
    tracker: DialogueStateTracker,
    domain: Domain,
    omit_unset_slots: bool = False,  # noqa: FBT001, FBT002 - the stock signature
    ignore_rule_only_turns: bool = False,  # noqa: FBT001, FBT002 - the stock signature
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """Stands in for ``TrackerFeaturizer._create_states``; the caller may change what it gets."""
    if ignore_rule_only_turns or not tracker.events:  # another result, and not asked for twice
        return _stock(tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
    # the last event itself, because a tracker that forgets its oldest ones keeps its length
    until, last = (len(tracker.events), omit_unset_slots, id(domain)), tracker.events[-1]
    kept = getattr(tracker, _KEPT, None)
    if kept is None or kept[0] != until or kept[1] is not last:
        kept = (until, last, _stock(tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data))
        setattr(tracker, _KEPT, kept)
    return [{kind: dict(part) for kind, part in state.items()} for state in kept[2]]


def install() -> None:
    """Replace the stock method; ``internals.check`` has been called before."""
    TrackerFeaturizer._create_states = staticmethod(create_states)
