"""Budgets and the learning-rate schedule: warm-up, stable, decay, by the used fraction of a stage's budget."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """How long a stage runs: a number of pictures or of minutes of training."""

    amount: float
    unit: str  # "pictures" or "minutes"

    @staticmethod
    def parse(text: str) -> "Budget":
        """`30000p` is pictures, `20m` minutes. Raises ValueError on anything else."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([pm])", text)
        if not match or float(match[1]) <= 0:
            raise ValueError(f'"{text}" is no budget: write pictures as 30000p or minutes as 20m.')
        return Budget(float(match[1]), "pictures" if match[2] == "p" else "minutes")

    def used(self, pictures: int, seconds: float) -> float:
        """The used fraction, 1 or more when spent."""
        return pictures / self.amount if self.unit == "pictures" else seconds / 60 / self.amount


@dataclass(frozen=True)
class Schedule:
    """Factor on the learning rate over a stage: linear up over `warmup` steps, flat, linear down from `decay_from`."""

    warmup: int = 80
    decay_from: float = 0.7
    floor: float = 0.03

    def factor(self, step: int, used: float) -> float:
        up = min(1.0, (step + 1) / self.warmup)
        down = 1 - (used - self.decay_from) / (1 - self.decay_from)
        return up * max(self.floor, min(1.0, down))
