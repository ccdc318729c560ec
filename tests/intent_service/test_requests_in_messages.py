"""Learning where a message may be cut, and whom the model is shown as a stranger."""

import csv

import numpy as np

from intent_service.model import Reading
from intent_service.request_head import PIECE_FEATURES, RequestHead, piece_features
from intent_service.scoring import Calibration, Evidence
from intent_service.segmentation import SOCIAL_INTENTS
from intent_service.training.background import FILE, background_for
from intent_service.training.cutting import FEWEST_ROWS, CutMessage, JudgedMessages, cut_messages, fit_requests

NAMES = ("cancel_order", "greet", "order_status")


def reading(*chances: float, scope: float = 0.9) -> Reading:
    return Reading(np.array(chances, dtype=np.float32), scope, 0.0, "low")


def feature(name: str, text: str, piece: Reading, whole: Reading) -> float:
    return float(piece_features(text, piece, whole)[PIECE_FEATURES.index(name)])


def test_a_piece_is_seen_against_the_whole_message() -> None:
    piece, whole = reading(0.9, 0.05, 0.05), reading(0.2, 0.1, 0.7)
    assert feature("share_of_whole", "cancel it", piece, whole) == np.float32(0.2)
    assert feature("rival", "cancel it", piece, whole) == np.float32(0.7)
    assert feature("rival", "cancel it", whole, whole) == 0.0
    assert feature("question", "is it open", piece, whole) == 1.0
    assert feature("telling", "I bought it", piece, whole) == 1.0
    assert np.isfinite(piece_features("", reading(1.0, 0.0, 0.0, scope=1.0), whole)).all()


def test_messages_are_made_of_pairs_and_of_single_sentences_without_small_talk() -> None:
    texts = ["cancel my order", "stop the parcel please", "hello there and good morning", "where is it", "has it left"]
    texts.append("where is my order, and has it left")
    labels = [0, 0, 1, 2, 2, 2]
    made = cut_messages(texts, labels, NAMES, seed=1)
    singles = [one for one in made if len(set(one.wanted)) == 1]
    assert [one.text for one in singles] == ["where is my order, and has it left"]
    assert all(1 not in one.wanted for one in made)
    assert {one.wanted for one in made} - {(2, 2)} == {(0, 2), (2, 0)}
    assert made == cut_messages(texts, labels, NAMES, seed=1)
    assert "greet" in SOCIAL_INTENTS


def test_the_head_learns_that_a_share_of_the_whole_makes_a_request() -> None:
    """Pairs show both intents in the whole; the second piece of a single sentence shows in nothing."""
    pair = CutMessage("cancel it and where is it", ("cancel it", "where is it"), (0, 2))
    single = CutMessage("cancel it and tell me", ("cancel it", "tell me"), (0, 0))
    scores = {
        "pair": [[4, 0, 4], [9, 0, 0], [0, 0, 9]],
        "single": [[9, 0, 0], [9, 0, 0], [0, 0, 3]],
    }
    rows = np.array((scores["pair"] + scores["single"]) * FEWEST_ROWS, dtype=np.float32)
    seen = Evidence(head=rows, tuned=rows, base=rows, distance=np.zeros(len(rows), dtype=np.float32))
    calibration = Calibration((1.0, 0.0, 0.0), (0.5, 0, 0, 0), (0, 0, 0, 0), (1, 1, 1, 1), 0.0, 0.1)
    head = fit_requests([JudgedMessages((pair, single) * FEWEST_ROWS, seen)], calibration)
    whole_pair, whole_single = reading(0.5, 0.0, 0.5), reading(1.0, 0.0, 0.0)
    real = head.chance(piece_features("where is it", reading(0.0, 0.0, 1.0), whole_pair))
    slip = head.chance(piece_features("tell me", reading(0.04, 0.04, 0.92), whole_single))
    assert real > 0.5 > slip


def test_too_few_messages_keep_the_default_head() -> None:
    nothing = Calibration((1.0, 0.0, 0.0), (0.5, 0, 0, 0), (0, 0, 0, 0), (1, 1, 1, 1), 0.0, 0.1)
    assert fit_requests([JudgedMessages()], nothing) == RequestHead()


def test_a_bots_own_subjects_are_no_strangers_to_it() -> None:
    with FILE.open(newline="", encoding="utf-8") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    assert len(texts) == len(set(texts)) >= 250
    vectors = np.eye(len(texts), dtype=np.float32)
    found = background_for(vectors[:3], lambda asked: vectors[[texts.index(text) for text in asked]])
    assert found.texts == tuple(texts[3:])
    assert len(found.even.texts) + len(found.odd.texts) == len(found.texts)
    assert not set(found.even.texts) & set(found.odd.texts)
