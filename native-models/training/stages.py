"""The stages of training: what each one trains, on which batches, against which loss.

Sight and place come before the paper's two stages; see README.md for why.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from label_heads import cells
from learner import ABSTRACTOR, VISION, Learner
from schedule import Schedule
from shards import Shards, Shuffle

# CLIP's normalisation; `preprocessor_config.json` carries the same numbers.
IMAGE_MEAN = (0.48145466, 0.4578275, 0.40821073)
IMAGE_STD = (0.26862954, 0.26130258, 0.27577711)


def normalise(pictures: Tensor) -> Tensor:
    """Pictures uint8 [N, S, S, 3] to float pixels [N, 3, S, S]."""
    mean = torch.tensor(IMAGE_MEAN, device=pictures.device)
    std = torch.tensor(IMAGE_STD, device=pictures.device)
    return ((pictures.float() / 255 - mean) / std).permute(0, 3, 1, 2).contiguous()


@dataclass
class Stage:
    """One stage. Subclasses say what trains, what a batch is and how it is scored."""

    name: ClassVar[str]
    full_decoder: ClassVar[bool] = False  # SmolLM2, or else the small decoder

    shards: Shards
    seed: int
    batch: int = 16
    rate: float = 1e-3
    schedule: Schedule = field(default_factory=Schedule)

    def factor(self, name: str) -> float | None:
        """The part of the stage's learning rate that the weight `name` gets; None keeps it frozen."""
        raise NotImplementedError

    def prepare(self, step: int) -> dict:
        """The batch of `step` as CPU tensors; runs in the prefetch thread and depends on seed and step alone."""
        raise NotImplementedError

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, float]]:
        raise NotImplementedError


@dataclass
class PictureStage(Stage):
    """Batches of pictures with their labels, no text."""

    def __post_init__(self):
        self.shuffle = Shuffle(self.shards.picture_count, self.seed)

    def prepare(self, step: int) -> dict:
        indices = np.sort(self.shuffle.take(step * self.batch, self.batch))
        pictures, labels = self.shards.pictures(indices)
        return {"pictures": torch.from_numpy(pictures), "labels": torch.from_numpy(labels).long()}


class Sight(PictureStage):
    """Stage 0: the vision encoder learns element, colour and glyph of every patch."""

    name = "sight"

    def factor(self, name: str) -> float | None:
        return 1.0 if name.startswith((VISION, "patch_head.")) else None

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, float]]:
        patches = learner.owl.model.vision_model(normalise(batch["pictures"]))[:, 1:]
        return learner.patch_head.loss(patches, batch["labels"].flatten(1, 2)[:, :, None])


class Place(PictureStage):
    """Stage 0b: query k learns to tell what is in cell k, so that its row carries place."""

    name = "place"

    def factor(self, name: str) -> float | None:
        if name.startswith(VISION):
            return 0.2
        return 1.0 if name.startswith((ABSTRACTOR, "cell_head.")) else None

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, float]]:
        rows = learner.owl.see(normalise(batch["pictures"]))[:, :-1]
        return learner.cell_head.loss(rows, cells(batch["labels"], rows.shape[1]))


STAGES: dict[str, type[Stage]] = {stage.name: stage for stage in (Sight, Place)}
