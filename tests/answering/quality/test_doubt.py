"""How measures become a doubt."""

import json
from pathlib import Path

import pytest

from answering.quality.doubt import Forest, Tree, load_forest
from answering.quality.support import FEATURES

STUMP = Tree(asks=[0, -1, -1], limit=[0.5, 0.1, 0.9], low=[1, 0, 0], high=[2, 0, 0])
FLIPPED = Tree(asks=[1, -1, -1], limit=[0.0, 0.2, 0.6], low=[1, 0, 0], high=[2, 0, 0])


@pytest.mark.parametrize(
    ("distance", "negated", "doubt"), [(0.5, 0.0, 0.15), (0.51, 0.0, 0.55), (0.0, 1.0, 0.35), (1.0, 1.0, 0.75)]
)
def test_a_forest_takes_the_mean_of_its_trees(distance: float, negated: float, doubt: float) -> None:
    forest = Forest(("distance", "negated"), (STUMP, FLIPPED), 0.6)
    assert forest.doubt({"distance": distance, "negated": negated}) == pytest.approx(doubt)


def test_the_shipped_trees_ask_for_what_is_measured() -> None:
    forest = load_forest()
    assert forest.features == FEATURES
    assert 0.0 < forest.reject_at < 1.0
    assert 0.0 <= forest.doubt(dict.fromkeys(FEATURES, 0.0)) < forest.doubt(dict.fromkeys(FEATURES, 1.0)) <= 1.0


def test_a_file_of_trees_is_read(tmp_path: Path) -> None:
    path = tmp_path / "forest.json"
    tree = {"asks": [-1], "limit": [0.25], "low": [0], "high": [0]}
    path.write_text(json.dumps({"features": ["distance"], "reject_at": 0.5, "trees": [tree]}), "utf-8")
    assert load_forest(path).doubt({"distance": 0.3}) == 0.25
