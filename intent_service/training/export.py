"""Write an encoder as ONNX with int8 weights: token ids and mask in, one unit vector a text out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx

from intent_service.tokens import TextTokenizer
from intent_service.training.encoder_graph import encoder_graph
from intent_service.training.quantise import fit_scales

QUANTISATION = "int8, fixed scales, unsigned weights"
"""What a manifest says of an encoder; one that says something else is exported anew."""

MOST_EXAMPLES = 600


def export_int8(encoder: Any, tokenizer: TextTokenizer, examples: Sequence[str], target: Path) -> None:
    """Write ``target``: a ``DistilBertModel`` in int8, one scale an output channel and one an input.

    Args:
        encoder: The model, on the processor.
        tokenizer: Its tokenizer.
        examples: Sentences of the kind it will read; the inputs' scales are fitted on at most 600 of them.
        target: The file.
    """
    chosen = examples[:: -(-len(examples) // MOST_EXAMPLES)]
    onnx.save(encoder_graph(encoder, fit_scales(encoder, tokenizer, chosen)), str(target))
