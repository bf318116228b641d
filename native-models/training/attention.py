"""Attention of all three parts.

Written out on CPUs, where PyTorch's own takes up to three times as long to go back through; fused on GPUs, where the
scores need never be stored.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Rows [B, heads, rows, head width] look at [B, key heads, all rows, head width].

    Query heads that share a key head stand side by side. `mask` [B or 1, 1, rows, all rows] is True where a row may
    look; without it every row sees all.
    """
    batch, heads, rows, width = query.shape
    shared, all_rows = key.shape[1], key.shape[2]
    if query.is_cuda:
        if shared < heads:
            key, value = (side.repeat_interleave(heads // shared, 1) for side in (key, value))
        return F.scaled_dot_product_attention(query, key, value, mask)
    scores = (query.reshape(batch, shared, -1, width) @ key.transpose(2, 3)).float() * width**-0.5
    if mask is not None:
        scores = scores.view(batch, shared, heads // shared, rows, all_rows).masked_fill(~mask[:, None], -torch.inf)
    weights = scores.softmax(-1).to(value.dtype).view(batch, shared, -1, all_rows)
    return (weights @ value).view(batch, heads, rows, width)
