"""The naive service to compare with: DistilBERT-base's size in PyTorch behind FastAPI, one text a call.

The weights are random, which costs the same time as trained ones; nothing is fetched.
"""

import argparse
from pathlib import Path

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from tokenizers import Tokenizer
from transformers import DistilBertConfig, DistilBertForSequenceClassification


class _Message(BaseModel):
    text: str


def build_app(tokenizer_file: Path, labels: int) -> FastAPI:
    """One route; a request waits in FastAPI's thread pool like most first versions of such a service."""
    torch.manual_seed(1)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    config = DistilBertConfig(vocab_size=tokenizer.get_vocab_size(), num_labels=labels)
    model = DistilBertForSequenceClassification(config).eval()
    app = FastAPI()

    @app.get("/ready")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/classify")
    def classify(message: _Message) -> dict[str, object]:
        ids = torch.tensor([tokenizer.encode(message.text).ids[:192]])
        with torch.inference_mode():
            chances = model(input_ids=ids).logits.softmax(-1)[0]
        best = int(chances.argmax())
        return {"intent": best, "confidence": float(chances[best])}

    return app


def main() -> None:
    """Serve on a port with a tokenizer and a number of labels."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("labels", type=int)
    parser.add_argument("port", type=int)
    given = parser.parse_args()
    uvicorn.run(build_app(given.tokenizer, given.labels), port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
