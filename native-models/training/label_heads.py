"""Linear heads that read the renderer's labels from picture rows, and their loss.

They teach the vision encoder what is where before any question is asked; they are not part of the exported model.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Letters are the hardest, three or four to a patch: they must not outweigh what stands where.
PARTS = {"element": 1.0, "colour": 1.0, "glyph": 0.5}
RAREST = 2e-4  # share of the patches below which a class weighs no more


class LabelHead(nn.Module):
    """From a row to the element, colour and glyph of `places` patches.

    `labels` is the configuration's: class counts.
    """

    def __init__(self, width: int, labels: dict, places: int = 1):
        super().__init__()
        self.classes = [labels["elements"], labels["colours"], labels["glyphs"]]
        self.places = places
        self.linear = nn.Linear(width, places * sum(self.classes))

    def forward(self, rows: Tensor) -> Tensor:
        """`rows` [B, R, width] to logits [B, R, places, elements + colours + glyphs]."""
        # Without the norm, the small scale of the decoder's embeddings would slow the head down.
        rows = F.layer_norm(rows.float(), rows.shape[-1:])
        return self.linear(rows).unflatten(-1, (self.places, -1))

    def loss(self, rows: Tensor, labels: Tensor, weights: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss and accuracies over drawn patches; `labels` [B, R, places, 3] int64, `weights` as `class_weights`."""
        total, accuracies = rows.new_zeros((), dtype=torch.float32), {}
        parts = self(rows).float().split(self.classes, -1)
        for index, (name, logits) in enumerate(zip(PARTS, parts)):
            truth = labels[..., index]
            drawn = truth > 0
            loss = F.cross_entropy(logits.flatten(0, -2), truth.flatten(), weights[index])
            total = total + PARTS[name] * loss
            right = (logits.detach().argmax(-1) == truth) & drawn
            accuracies[name] = right.sum() / drawn.sum()  # NaN where nothing is drawn
        return total, accuracies


def class_weights(labels: Tensor, classes: list[int]) -> list[Tensor]:
    """What a patch of each class counts in the loss, by the inverse square root of how frequent it is.

    Most of a picture is empty or plain face; a button's own patches are one in five hundred. `labels` [..., 3] are a
    sample of the pictures'.
    """
    parts = labels.flatten(0, -2).unbind(-1)
    shares = [torch.bincount(part, minlength=count) / len(part) for part, count in zip(parts, classes)]
    return [share.clamp(min=RAREST) ** -0.5 for share in shares]


def cells(labels: Tensor, queries: int) -> Tensor:
    """Labels [B, grid, grid, 3] grouped by query cell: [B, queries, places, 3], cells and patches row-major.

    The queries stand for a square grid of cells; raises where the patches cannot be shared out evenly.
    """
    side, grid = round(queries**0.5), labels.shape[1]
    if side * side != queries or grid % side:
        raise ValueError(f"{queries} queries cannot tile a {grid} x {grid} patch grid: use a square number of queries "
                         "whose root divides the grid.")
    block = grid // side
    grouped = labels.view(-1, side, block, side, block, 3).permute(0, 1, 3, 2, 4, 5)
    return grouped.reshape(len(labels), queries, block * block, 3)
