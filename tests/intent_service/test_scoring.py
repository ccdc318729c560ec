"""The numbers behind a decision, on spaces small enough to see through."""

import dataclasses

import numpy as np
import pytest

from intent_service.evaluation.figures import accuracy, auroc, expected_calibration_error, macro_f1
from intent_service.scoring import columns_by_label, evidence, judge, label_space, nearest_by_label, probabilities
from intent_service.training.calibrate import calibrate, fit_fusion
from intent_service.training.crossfit import HeldBack


def unit(rows: list[list[float]]) -> np.ndarray:
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def test_neighbours_are_the_mean_of_the_nearest_three() -> None:
    similarities = np.array([[0.1, 0.9, 0.8, 0.7, 0.2, 0.6]], dtype=np.float32)
    owners = np.array([0, 0, 0, 0, 1, 1])
    columns = columns_by_label(owners, 2)
    assert columns.tolist() == [[0, 1, 2, 3], [4, 5, 6, 6]]
    assert nearest_by_label(similarities, columns) == pytest.approx(np.array([[0.8, 0.4]]))


def test_probabilities_sum_to_one_even_for_extreme_scores() -> None:
    rows = probabilities(np.array([[1000.0, -1000.0], [0.0, 0.0]], dtype=np.float32))
    assert rows.sum(axis=1) == pytest.approx([1.0, 1.0])


def toy(seed: int, count: int) -> tuple[HeldBack, np.ndarray]:
    """Three clusters that the witnesses half confuse, and strangers between them."""
    rng = np.random.default_rng(seed)
    centres = np.eye(3, 8)
    owners = np.repeat(np.arange(3), count)
    train = unit((centres[owners] + rng.normal(0, 0.25, (3 * count, 8))).tolist())
    space = label_space(("a", "b", "c"), unit(centres.tolist()), train, train, owners)
    inside = unit((centres[owners] + rng.normal(0, 0.45, (3 * count, 8))).tolist())
    strangers = unit(rng.normal(0, 1, (3 * count, 8)).tolist())
    fold = HeldBack(
        inside=evidence(space, inside, inside),
        targets=owners,
        outside=evidence(space, strangers, strangers),
        background=evidence(space, strangers[:0], strangers[:0]),
        rows=tuple(range(3 * count)),
        labels=(0, 1, 2),
    )
    return fold, owners


def test_calibration_makes_confidence_a_probability_and_separates_strangers() -> None:
    fold, owners = toy(1, 120)
    calibration = calibrate([fold])
    other, _ = toy(2, 120)
    chances, scope = judge(other.inside, calibration)
    right = (chances.argmax(axis=1) == owners).tolist()
    assert expected_calibration_error(chances.max(axis=1).tolist(), right) < 0.06
    strangers = judge(other.outside, calibration)[1]
    assert auroc(scope.tolist(), strangers.tolist()) > 0.8
    assert np.mean(strangers < calibration.scope_threshold) == pytest.approx(0.6, abs=0.08)


def test_strangers_that_look_like_the_bots_own_customers_cost_few_of_those() -> None:
    fold, owners = toy(1, 120)
    alike = dataclasses.replace(fold, outside=toy(2, 120)[0].inside)
    calibration = calibrate([alike])
    chances, scope = judge(fold.inside, calibration)
    right = chances.argmax(axis=1) == owners
    assert np.mean(scope[right] >= calibration.scope_threshold) == pytest.approx(0.9, abs=0.01)


def test_the_fusion_is_really_fitted() -> None:
    fold, _ = toy(3, 60)
    assert fit_fusion([fold]) != pytest.approx((12.0, 6.0, 6.0), abs=1e-3)


def test_figures_on_cases_counted_by_hand() -> None:
    assert accuracy(["a", "b"], ["a", "a"]) == 0.5
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)
    assert expected_calibration_error([0.9, 0.9], [True, False]) == pytest.approx(0.4)
    assert auroc([], [0.1]) == 0.0
