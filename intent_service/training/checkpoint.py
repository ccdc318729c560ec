"""A fit that was interrupted goes on where it was, and ends with the weights it would have had anyway."""

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch

EVERY_SECONDS = 20.0
"""Not more often than this: writing takes a third of a second."""


@dataclass(frozen=True)
class Fit:
    """All that changes while an encoder is tuned."""

    encoder: torch.nn.Module
    head: torch.nn.Parameter
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    rng: random.Random


@dataclass
class Checkpoint:
    """The state of one fit in one file, replaced whole at the end of an epoch.

    Attributes:
        file: Where it lies; its folder is named after data, recipe, seed and encoder, so a file never meets a
            fit that it is not of.
        every_seconds: Between two writings; the last one always happens.
    """

    file: Path
    every_seconds: float = EVERY_SECONDS
    _saved: float = field(default_factory=time.monotonic)

    def restore(self, fit: Fit) -> int:
        """Put the fit where it was; the epochs that are done, 0 when there is nothing to go on from."""
        if not self.file.exists():
            return 0
        # our own file below models/, but data all the same: nothing in it is run
        with torch.serialization.safe_globals([tuple]):
            state = torch.load(self.file, map_location="cpu", weights_only=True)
        fit.encoder.load_state_dict(state["encoder"])
        fit.head.data.copy_(state["head"])
        fit.optimiser.load_state_dict(state["optimiser"])
        fit.schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["torch"])
        version, numbers, gauss = state["random"]
        fit.rng.setstate((version, tuple(numbers), gauss))
        return int(state["epochs"])

    def keep(self, fit: Fit, *, epochs: int, last: bool) -> None:
        """Write the state after so many epochs, if the last writing is a while ago or this was the last one."""
        if not last and time.monotonic() - self._saved < self.every_seconds:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(f".{os.getpid()}")
        version, numbers, gauss = fit.rng.getstate()
        state = {
            "epochs": epochs,
            "encoder": fit.encoder.state_dict(),
            "head": fit.head.data,
            "optimiser": fit.optimiser.state_dict(),
            "schedule": fit.schedule.state_dict(),
            "torch": torch.get_rng_state(),
            "random": [version, list(numbers), gauss],
        }
        torch.save(state, draft)
        draft.replace(self.file)
        self._saved = time.monotonic()
