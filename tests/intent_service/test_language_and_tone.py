"""Language by library and known words; the cues that tone is read from."""

import numpy as np
import pytest

from intent_service.language import LanguageDetector, load_identifier, words_of
from intent_service.tone import CUES, LEVELS, ToneHeads, cues, read_tone, tone_features


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    known = words_of("where is my order hi refund please cancel reset password i want to return the lamp")
    return LanguageDetector(load_identifier(), trained_words=known, trained_language="en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where is my order", "en"),
        ("reset password", "en"),
        ("hi", "en"),
        ("Wo bleibt mein Paket, ich warte seit einer Woche", "de"),
        ("Je voudrais retourner cet article s'il vous plaît", "fr"),
        ("¿Dónde está mi pedido? No ha llegado", "es"),
        ("Gdzie jest moja paczka", "pl"),
        ("我的订单在哪里", "zh"),
        ("где мой заказ", "ru"),
        ("hallo", "und"),
        ("10046", "und"),
        ("jo@example.org", "und"),
        ("👍", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_or_left_open(detector: LanguageDetector, text: str, code: str) -> None:
    found = detector.detect(text)
    assert found["code"] == code
    assert 0 <= found["confidence"] <= 1


def test_cues_are_counted_alike_for_curly_quotes_and_capitals() -> None:
    straight, curly = cues(["I don't like it", "I DON’T like it"])
    assert straight[CUES.index("negation")] == curly[CUES.index("negation")] == 0.5
    assert cues(["VAT"])[0][CUES.index("shouting")] == 0
    assert cues(["WHERE IS IT"])[0][CUES.index("shouting")] == 1
    assert cues([]).shape == (0, len(CUES))


def test_sentiment_stays_in_its_range_whatever_the_weights() -> None:
    rng = np.random.default_rng(1)
    width = 384 + len(CUES) + 1
    texts = ["great", "awful!!!", "where is it"]
    vectors = rng.normal(size=(3, 384)).astype(np.float32)
    heads = ToneHeads(rng.normal(size=(3, width)) * 50, rng.normal(size=width) * 50, rng.normal(size=(3, width)))
    sentiment, urgency = read_tone(heads, vectors, texts)
    assert np.abs(sentiment).max() <= 1
    assert set(urgency) <= set(LEVELS)
    assert tone_features(vectors, texts).shape == (3, width)
