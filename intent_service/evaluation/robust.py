"""What customers' carelessness costs: the same sentences with one kind of damage each.

The damage is made apart from the noise that the model is trained with (``training/noise.py``): any letter of any
word may be hit, also the first, and the model has seen neither emoji nor signatures.
"""

import random
import string
from collections.abc import Callable, Mapping, Sequence

from contracts.nlu import ClassifyResult
from intent_service.evaluation.evaluate import AT_ONCE
from intent_service.evaluation.figures import accuracy
from intent_service.nlu_data.model import Example

Damage = Callable[[str, random.Random], str]

TYPO_SHARE = 0.2
SHORTEST_WORD = 3
DRAWS = 3

_EMOJI = ("🙂", "😡", "😭", "🙏", "🤷‍♀️", "👍", "📦", "☕", "🎧", "‼️")
_SIGNATURES = (
    "\n\nKind regards,\nSiobhán Keane\nOffice Manager | Keane & Daughters Ltd\nM: 087 555 0199",
    "\n--\nMarcel Pfeiffer\nSent from my phone",
    "\n\nBest wishes\nDr. A. Okafor\nThis e-mail is confidential. Please think of the trees before printing it.",
)


def one_typo_in_a_fifth(text: str, rng: random.Random) -> str:
    """One typo a word in a fifth of the words, at least in one: a letter lost, added, changed or two swapped."""
    words = text.split(" ")
    able = [place for place, word in enumerate(words) if len(word) >= SHORTEST_WORD]
    for place in rng.sample(able, min(len(able), max(1, round(TYPO_SHARE * len(words))))):
        words[place] = _mistyped(words[place], rng)
    return " ".join(words)


def _mistyped(word: str, rng: random.Random) -> str:
    at, letter = rng.randrange(len(word)), rng.choice(string.ascii_lowercase)
    kind = rng.choice(("lost", "added", "changed", "swapped"))
    if kind == "lost":
        return word[:at] + word[at + 1 :]
    if kind == "added":
        return word[:at] + letter + word[at:]
    if kind == "changed":
        return word[:at] + letter + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _missing_spaces(text: str, rng: random.Random) -> str:
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    gone = set(rng.sample(spaces, min(len(spaces), max(1, len(spaces) // 5))))
    return "".join(letter for place, letter in enumerate(text) if place not in gone)


def _elongated(text: str, rng: random.Random) -> str:
    vowels = [place for place, letter in enumerate(text) if letter in "aeiou"]
    if not vowels:
        return text
    at = rng.choice(vowels)
    return text[:at] + text[at] * rng.randint(3, 6) + text[at + 1 :]


def _with_emoji(text: str, rng: random.Random) -> str:
    return f"{text} {''.join(rng.choices(_EMOJI, k=rng.randint(1, 3)))}"


DAMAGES: Mapping[str, Damage] = {
    "typos": one_typo_in_a_fifth,
    "missing_spaces": _missing_spaces,
    "elongated": _elongated,
    "capitals": lambda text, _: text.upper(),
    "emoji": _with_emoji,
    "signature": lambda text, rng: text + rng.choice(_SIGNATURES),
}


def measure_robustness(
    classify: Callable[[Sequence[str]], list[ClassifyResult]], examples: Sequence[Example]
) -> dict[str, float]:
    """Accuracy on the sentences as they are and the points lost to each damage, as shares in [0, 1].

    The best intent counts, whether kept or rejected; each damage is drawn ``DRAWS`` times with fixed seeds.
    """
    gold = [example.intent for example in examples]

    def right(texts: Sequence[str]) -> float:
        best = [
            result["ranking"][0]["name"] if result["ranking"] else ""
            for at in range(0, len(texts), AT_ONCE)
            for result in classify(texts[at : at + AT_ONCE])
        ]
        return accuracy(gold, best)

    clean = right([example.text for example in examples])
    lost = {
        name: clean - sum(right(_damaged(examples, damage, seed)) for seed in range(DRAWS)) / DRAWS
        for name, damage in DAMAGES.items()
    }
    return {"accuracy": round(clean, 4), **{f"lost_{name}": round(value, 4) for name, value in lost.items()}}


def _damaged(examples: Sequence[Example], damage: Damage, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [damage(example.text, rng) for example in examples]
