"""Typing noise that customers really make, for training on and for measuring robustness.

Each function takes and returns one sentence; all randomness comes from the generator that is passed in.
"""

import random
import re
from collections.abc import Callable

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm",
    "k": "jil", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm",
    "m": "njk",
}  # fmt: skip

_SHORTENED = {
    "you": "u", "are": "r", "please": "pls", "your": "ur", "to": "2", "for": "4", "because": "cuz",
    "thanks": "thx", "about": "abt", "with": "w/", "order": "oder", "okay": "ok", "have": "hav",
    "what": "wat", "the": "teh", "and": "&", "before": "b4", "people": "ppl", "tomorrow": "tmrw",
}  # fmt: skip

_OPENINGS = ("hi, ", "hello ", "hey ", "ok so ", "um ", "so ", "good morning, ", "sorry but ", "well ", "yo ")
_CLOSINGS = (" thanks", " pls", " please", " thank you", "?", "!!", " asap", " ...", " :(", " lol")

Noise = Callable[[str, random.Random], str]

HALF = 0.5

SHORTEST_WORD = 4
"""Shorter words stay as they are: one slip in them makes another word."""


def typo(word: str, rng: random.Random) -> str:
    """One slip of the finger: swapped, dropped, doubled or neighbouring key."""
    if len(word) < SHORTEST_WORD or not word.isalpha():
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swapped", "dropped", "doubled", "neighbour"))
    if kind == "swapped":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "dropped":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    near = _NEIGHBOURS.get(word[at].lower(), word[at])
    return word[:at] + rng.choice(near) + word[at + 1 :]


def typos(text: str, rng: random.Random, *, share: float = 0.2) -> str:
    """One slip in each of about ``share`` of the words."""
    return " ".join(typo(word, rng) if rng.random() < share else word for word in text.split(" "))


def missing_spaces(text: str, rng: random.Random, *, share: float = 0.15) -> str:
    """Some words run together."""
    return "".join(" " if c == " " and rng.random() >= share else c.strip(" ") for c in text)


def elongated(text: str, rng: random.Random) -> str:
    """One word dragged out: ``pleeease``."""
    words = text.split(" ")
    at = rng.randrange(len(words))
    vowels = [m.start() for m in re.finditer(r"[aeiouy]", words[at])]
    if vowels:
        place = rng.choice(vowels)
        words[at] = words[at][:place] + words[at][place] * rng.randint(2, 5) + words[at][place:]
    return " ".join(words)


def capitals(text: str, _: random.Random) -> str:
    """Everything shouted."""
    return text.upper()


def shortened(text: str, rng: random.Random) -> str:
    """Chat spellings of common words."""
    words = (_SHORTENED.get(word, word) if rng.random() < HALF else word for word in text.split(" "))
    return " ".join(words)


def unpunctuated(text: str, _: random.Random) -> str:
    """No punctuation, no capitals."""
    return re.sub(r"[^\w\s@.%€$£-]|[.](?=\s|$)", "", text).lower()


def framed(text: str, rng: random.Random) -> str:
    """A word of politeness or impatience before or after."""
    if rng.random() < HALF:
        return rng.choice(_OPENINGS) + text
    return text.rstrip("?.!") + rng.choice(_CLOSINGS)


def noisy(text: str, rng: random.Random) -> str:
    """The sentence with one or two kinds of noise, drawn by how often customers make them."""
    kinds: tuple[Noise, ...] = (
        typos, typos, typos, unpunctuated, unpunctuated, shortened, framed, missing_spaces, elongated,
    )  # fmt: skip
    for make in rng.sample(kinds, rng.choice((1, 1, 2))):
        text = make(text, rng)
    return text
