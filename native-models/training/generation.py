"""Greedy answers to several open questions about a picture at once, over one shared prefix."""

import torch
from torch import Tensor

from owl import Owl
from prompts import attention_mask


@torch.inference_mode()
def answer(owl: Owl, batch: dict[str, Tensor], pictures: Tensor | None, end: int,
           most: int = 48) -> list[list[list[int]]]:
    """Greedy tokens, without the end token, of every open segment: [sample][question].

    `batch` is what `prompts.collate` makes of sequences with open answers; `pictures` [N, queries + 1, width] are the
    rows of all their pictures. Each step adds one row per question, seen by that question alone. At most `most` tokens.
    """
    segments, positions = batch["segments"], batch["positions"]
    merged = owl.merge(batch["ids"], batch["visual"], pictures)
    visual = batch["visual"] if bool(batch["visual"].any()) else None
    states, cache = owl.model.decode(merged, visual, positions, attention_mask(segments))

    samples, device = len(segments), segments.device
    asked = int(segments.max())
    questions = torch.arange(1, asked + 1, device=device).expand(samples, -1)
    belongs = segments[:, None, :] == questions[:, :, None]  # [samples, questions, rows]
    exists = belongs.any(-1)
    order = torch.arange(segments.shape[1], device=device)
    last = torch.where(belongs, order, -1).amax(-1).clamp(min=0)
    position = positions.gather(1, last)
    states = states.gather(1, last[..., None].expand(-1, -1, states.shape[-1]))

    seen = (segments[:, None, :] == 0) | belongs
    own = torch.eye(asked, dtype=torch.bool, device=device).expand(samples, -1, -1)
    alive, written = exists.clone(), []
    for _ in range(most):
        token = owl.logits(states).argmax(-1)
        alive &= token != end
        written.append(torch.where(alive, token, -1))
        if not alive.any():
            break
        position = position + 1
        seen = torch.cat([seen, own], -1)
        rows = owl.merge(token, torch.zeros_like(alive), None)
        states, cache = owl.model.decode(rows, None, position, seen[:, None], cache)
    tokens = torch.stack(written, -1).tolist()
    return [[[token for token in row if token >= 0] for row, real in zip(sample, known) if real]
            for sample, known in zip(tokens, exists.tolist())]
