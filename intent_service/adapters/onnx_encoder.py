"""One exported encoder in ONNX Runtime."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from intent_service.errors import ModelUnusable
from intent_service.model import Matrix
from intent_service.tokens import Batch, TextTokenizer


def available_cores() -> int:
    """Cores that this process may use: its affinity, cut by the container's CPU quota."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        if quota != "max":
            cores = min(cores, max(1, round(int(quota) / int(period))))
    except (OSError, ValueError):
        pass
    return cores


class OnnxEncoder:
    """Token ids in, unit vectors out.

    Args:
        folder: Holds ``encoder.onnx`` and ``tokenizer.json``, already checked against its manifest.
        threads: Threads of one forward pass; 0 takes what the machine has, at most 4 (more gain nothing on
            sequences this short).

    Raises:
        ModelUnusable: ONNX Runtime does not accept the file.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(4, available_cores())
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # every batch has another shape: neither plans nor pools of memory would be met again, only kept
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = False
        # idle workers must not spin: they would take the cores from the processes beside this one
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no base class of their own
            raise ModelUnusable(f"ONNX Runtime cannot load the encoder in {folder}.") from error
        self.tokenizer = TextTokenizer(folder / "tokenizer.json")
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, batches: Iterable[Batch], rows: Matrix) -> Matrix:
        """Write the unit vectors of batches into their rows of an n × d matrix, and return it."""
        for batch in batches:
            feed = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
            rows[list(batch.rows)] = self._session.run(None, feed)[0]
        return rows

    def empty(self, texts: int) -> Matrix:
        """Room for the vectors of so many texts, n × d."""
        return np.zeros((texts, self.dimensions), dtype=np.float32)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of texts, n × d."""
        return self.encode(self.tokenizer.batches(self.tokenizer.encode(texts)), self.empty(len(texts)))
