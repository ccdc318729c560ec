"""From a sentence's measures to the probability that its source does not hold it: by trees, or by plain weights."""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SHIPPED = Path(__file__).with_name("forest.json")
_LEAF = -1


class Doubts(Protocol):
    """Something that judges measures; from ``reject_at`` on a sentence is unsupported."""

    @property
    def reject_at(self) -> float:
        """The lowest doubt that is too much."""
        ...

    def doubt(self, features: Mapping[str, float]) -> float:
        """The probability, in [0, 1], that the source does not hold a sentence with these measures."""
        ...


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic judgement: what each measure counts."""

    weights: Mapping[str, float]
    intercept: float
    reject_at: float

    def doubt(self, features: Mapping[str, float]) -> float:
        """See ``Doubts.doubt``."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-total))


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by number. ``asks`` names the feature a node looks at, or is -1 at a leaf.

    Up to its ``limit`` it goes on at ``low``, above at ``high``; a leaf's ``limit`` is its share of bad sentences.
    """

    asks: Sequence[int]
    limit: Sequence[float]
    low: Sequence[int]
    high: Sequence[int]

    def share(self, row: Sequence[float]) -> float:
        """The share of bad sentences among those that fell into the same leaf."""
        node = 0
        while self.asks[node] != _LEAF:
            node = self.low[node] if row[self.asks[node]] <= self.limit[node] else self.high[node]
        return self.limit[node]


@dataclass(frozen=True, slots=True)
class Forest:
    """The mean of many trees, which know that a moved negation means more in a near copy than in a free paraphrase."""

    features: tuple[str, ...]
    trees: tuple[Tree, ...]
    reject_at: float

    def doubt(self, features: Mapping[str, float]) -> float:
        """See ``Doubts.doubt``."""
        row = [features[name] for name in self.features]
        return sum(tree.share(row) for tree in self.trees) / len(self.trees)


@functools.lru_cache(maxsize=2)
def load_forest(path: Path = SHIPPED) -> Forest:
    """The fitted trees."""
    file = json.loads(path.read_text("utf-8"))
    trees = tuple(Tree(tree["asks"], tree["limit"], tree["low"], tree["high"]) for tree in file["trees"])
    return Forest(tuple(file["features"]), trees, file["reject_at"])
