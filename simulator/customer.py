"""The simulated customer: reads the bot's reply, and says the next thing a person with this goal and mood would say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from conversation_runner.turn import Button
from simulator.bank import Bank
from simulator.between import KINDS, Moment
from simulator.model import Answer, Goal
from simulator.move import Move, click
from simulator.plan import Visit
from simulator.situation import Situation
from simulator.voice import Voice

ASKED_IN_VAIN = 4
"""How often one slot may be asked for before a customer has had enough."""

_OFTEN, _HALF, _SELDOM = 0.6, 0.5, 0.3


class Customer:
    """One person in one conversation."""

    def __init__(self, visit: Visit, bank: Bank) -> None:
        self.visit = visit
        self.voice = Voice(visit, bank)
        self.unknown: list[str] = []
        self.wants_person = False
        self.backed_out = False
        self._bank = bank
        self._waiting = list(visit.disturbances)
        self._asked: Counter[str] = Counter()
        self._misses = 0
        self._mend: Answer | None = None
        self._last: Move | None = None
        self._lines = list(visit.tactic.lines) if visit.tactic else []

    def opening(self, goals: Sequence[str]) -> Move:
        """The first sentence for these goals, more than one in one breath."""
        if self._lines:
            return Move(self.voice.typed(self._lines.pop(0)), "open")
        said = [self.voice.wording(self._bank.goals[name].openings) for name in goals]
        text = self.voice.source.choice(self._bank.phrases.joins).join(said) if len(said) > 1 else said[0]
        self._asked.clear()
        self._last = Move(self.voice.around(text), "open")
        return self._last

    def next(self, goal: str, seen: Situation) -> Move | None:
        """What comes next while ``goal`` is not reached; None when this customer leaves."""
        if self.visit.tactic:
            return Move(self.voice.typed(self._lines.pop(0)), "try") if self._lines else None
        wanted = self._bank.goals[goal]
        ways: tuple[Callable[[], Move | None], ...] = (
            self._mended,
            lambda: self._disturbed(seen),
            lambda: self._answered(wanted, seen),
            lambda: self._without_form(wanted, seen),
        )
        if self.wants_person:
            self._last = self._until_ticket(seen)
        else:
            self._last = next(move for way in ways if (move := way()) is not None)
        return self._last

    def farewell(self) -> Move | None:
        """Sometimes a word of thanks."""
        phrases = self._bank.phrases
        if not self.voice.chance(_SELDOM):
            return None
        return Move(self.voice.typed(self.voice.source.choice((*phrases.thanks, *phrases.goodbye))), "leave")

    def _mended(self) -> Move | None:
        if self._mend is None:
            return None
        mends, self._mend = self._mend.mends, None
        return Move(self.voice.wording(mends), "correct")

    def _disturbed(self, seen: Situation) -> Move | None:
        """The next thing that comes in between, if it fits here."""
        answer = self._bank.answer_to(seen.asked) if seen.asked else None
        now = Moment(self.voice, self._bank, seen, answer, self._last)
        for kind in self._waiting:
            move = KINDS[kind](now)
            if move is not None and self.voice.chance(_OFTEN):
                self._waiting.remove(kind)
                self._mend = answer if kind == "slip" else None
                return move
        return None

    def _answered(self, goal: Goal, seen: Situation) -> Move | None:
        """What the open form asks for."""
        if seen.asked is None:
            return None
        self._asked[seen.asked] += 1
        if self._asked[seen.asked] > ASKED_IN_VAIN:
            return self._enough()
        answer = self._bank.answer_to(seen.asked)
        if answer is None:
            return self._strange(goal, seen)
        if answer.kind == "confirm":
            return self._agree(answer, seen)
        if answer.kind == "code":  # its place stays open until the letter has been read
            return Move(self.voice.source.choice(answer.say), "code", needs_code=True)
        return self._value(answer, seen)

    def _value(self, answer: Answer, seen: Situation) -> Move:
        if button := self._button(answer, seen):
            return click(button, f"click {seen.asked}")
        sentences = answer.choices if seen.buttons and self.voice.knows(answer.choices) else answer.say
        if self.voice.knows(sentences):
            return Move(self.voice.wording(sentences), f"tell {seen.asked}")
        self._misses += 1  # asked for something this customer does not have: the bot took the wrong way
        return Move(self.voice.wording(self._bank.phrases.stop), "stop", agrees=False)

    def _agree(self, answer: Answer, seen: Situation) -> Move:
        if self.visit.changes_mind and not self.backed_out:
            self.backed_out = True
            if seen.no and self.voice.chance(_HALF):
                return click(seen.no, "refuse", agrees=False)
            return Move(self.voice.wording(self._bank.phrases.no), "refuse", agrees=False)
        if button := self._button(answer, seen):
            return click(button, "agree", agrees=True)
        return Move(self.voice.wording(answer.say), "agree", agrees=True)

    def _button(self, answer: Answer, seen: Situation) -> Button | None:
        """A button that says what is meant; half of the customers type all the same."""
        if not seen.buttons or self.voice.chance(_HALF):
            return None
        patterns = [self.voice.pattern(pattern) for pattern in answer.buttons if self.voice.knows([pattern])]
        return next((button for pattern in patterns if (button := seen.button(pattern))), None)

    def _strange(self, goal: Goal, seen: Situation) -> Move:
        """A question the bank has no answer to: noted for the report, a button tried, else another wording."""
        if seen.asked not in self.unknown:
            self.unknown.append(str(seen.asked))
        ways_out = re.compile(r"person|stop", re.IGNORECASE)
        usable = [button for button in seen.buttons if not ways_out.search(button.title)]
        if usable:
            return click(self.voice.source.choice(usable), f"click {seen.asked}")
        self._misses += 1
        return Move(self.voice.wording(goal.openings), "rephrase")

    def _without_form(self, goal: Goal, seen: Situation) -> Move:
        """Nothing is being asked: choose, agree, say it another way, or have enough."""
        if goal.person and seen.offers_person:
            return self._take_offer(seen)
        if button := _suggestion(goal, seen):
            return click(button, "choose")
        if seen.asks and seen.yes and not seen.offers_person:
            return click(seen.yes, "take up", agrees=True)
        self._misses += 1
        if self._misses >= self.voice.mood.patience:
            return self._enough()
        if seen.offers_person and self.voice.chance(_SELDOM):
            return Move(self.voice.wording(self._bank.phrases.decline_offer), "decline")
        return Move(self.voice.wording(goal.openings), "rephrase")

    def _take_offer(self, seen: Situation) -> Move:
        button = seen.button("person|colleague|ticket")
        if button and self.voice.chance(_HALF):
            return click(button, "accept")
        return Move(self.voice.wording(self._bank.phrases.yes), "accept")

    def _enough(self) -> Move:
        self.wants_person = True
        return Move(self.voice.wording(self._bank.phrases.person), "person", agrees=False)

    def _until_ticket(self, seen: Situation) -> Move | None:
        """After the person was asked for: decline to leave an address, and go once there is a ticket."""
        if seen.asked and "email" in seen.asked:
            self._asked[seen.asked] += 1
            over = self._asked[seen.asked] > ASKED_IN_VAIN
            return None if over else Move(self.voice.wording(self._bank.phrases.no_ticket), "skip")
        self._misses += 1
        if "ticket_number" in self.voice.facts or self._misses > self.voice.mood.patience + 2:
            return None
        return self._take_offer(seen) if seen.offers_person else self._enough()


def _suggestion(goal: Goal, seen: Situation) -> Button | None:
    """A suggested entry that is what was meant, which a customer sees from its title."""
    return next((button for button in seen.buttons if any(entry in button.payload for entry in goal.cites)), None)
