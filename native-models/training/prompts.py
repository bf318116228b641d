"""Prompts of Owl Mini: ChatML without a system text, and several questions about a picture in one sequence.

A sequence is a shared prefix (the user's turn up to the question: pictures, then the reading aid) and one segment per
question, or per conversation. A segment sees the prefix and itself; its positions go on from the prefix. So each question is computed as if
it were asked alone, and the picture's rows are computed once.
"""

import random
from dataclasses import dataclass, field
from functools import lru_cache

import torch
from tokenizers import Tokenizer
from torch import Tensor

from reading_aid import misread, reading_aid

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
BEGIN = "<|im_start|>user\n"
MIDDLE = "<|im_end|>\n<|im_start|>assistant\n"
END = "<|im_end|>"
AGAIN = "\n" + BEGIN  # between an answer and the next question
AID_TOKENS = 60
ROW_BLOCK = 8  # fused attention wants rows in blocks, and compiled layers few lengths
PICTURE = -200  # stands in for a picture's rows, as in the published code


@dataclass
class Sequence:
    """Token ids (PICTURE at visual rows), segments (0 is the prefix), positions, and the answers' targets."""

    ids: list[int] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)  # the next token where an answer is predicted, else -1

    def extend(self, ids: list[int], segment: int, start: int, targets: list[int] | None = None) -> None:
        self.ids += ids
        self.segments += [segment] * len(ids)
        self.positions += range(start, start + len(ids))
        self.targets += targets or [-1] * len(ids)


class Prompter:
    """Writes token sequences; `rows` is the number of decoder rows a picture takes, `aid_tokens` the aid's budget."""

    def __init__(self, tokenizer: Tokenizer, rows: int, aid_tokens: int = AID_TOKENS):
        self.tokenizer, self.rows, self.aid_tokens = tokenizer, rows, aid_tokens
        self.encode = lru_cache(200_000)(lambda text: tokenizer.encode(text, add_special_tokens=False).ids)
        self.end = tokenizer.token_to_id(END)

    def prefix(self, pictures: int, lines: list[str]) -> list[int]:
        """The shared start: user turn, `pictures` pictures, and as many whole `lines` as the aid's budget holds."""
        kept = list(lines)
        while kept and len(self.encode(reading_aid(kept))) > self.aid_tokens:
            kept.pop()
        return self.encode(BEGIN) + [PICTURE] * (pictures * self.rows) + self.encode(reading_aid(kept))

    def sequence(self, pictures: int, lines: list[str], asked: list[tuple[str, str | None]],
                 turns: int = 1) -> Sequence:
        """One sequence for questions and answers; an answer of None leaves the segment open, to be generated.

        With several `turns`, that many questions follow each other in a segment, as in a conversation.
        """
        sequence = Sequence()
        prefix = self.prefix(pictures, lines)
        sequence.extend(prefix, 0, 0)
        for number, (question, answer) in enumerate(asked):
            segment, turn = divmod(number, turns)
            if turn == 0:
                start = len(prefix)
            # Encoded in one piece up to the answer, as a single question would be.
            prompt = self.encode((AGAIN if turn else "") + question + MIDDLE)
            reply = [] if answer is None else self.encode(answer) + [self.end]
            targets = [-1] * (len(prompt) - 1) + reply + [-1] if reply else None
            sequence.extend(prompt + reply, segment + 1, start, targets)
            start += len(prompt) + len(reply)
        return sequence


def aided_lines(sample: dict, chance: random.Random, share: float) -> list[str]:
    """The reading aid of a training sample: in `share` of them, half of those with a reader's mistakes."""
    if chance.random() >= share:
        return []
    return misread(sample["text"], chance) if chance.random() < 0.5 else sample["text"]


def collate(sequences: list[Sequence]) -> dict[str, Tensor]:
    """Right-padded tensors [B, T] of sequences: `ids`, `visual`, `segments` (-1 is padding), `positions`, `targets`."""
    length = max(len(sequence.ids) for sequence in sequences)
    length += -length % ROW_BLOCK

    def padded(rows: list[list[int]], filler: int) -> Tensor:
        return torch.tensor([row + [filler] * (length - len(row)) for row in rows])

    ids = padded([sequence.ids for sequence in sequences], 0)
    return {"ids": ids, "visual": ids == PICTURE,
            "segments": padded([sequence.segments for sequence in sequences], -1),
            "positions": padded([sequence.positions for sequence in sequences], 0),
            "targets": padded([sequence.targets for sequence in sequences], -1)}


def attention_mask(segments: Tensor) -> Tensor:
    """Mask [B, 1, T, T] from `segments` [B, T]: earlier rows of the prefix and of the own segment may be seen."""
    rows = segments.shape[1]
    related = (segments[:, None, :] == 0) | (segments[:, None, :] == segments[:, :, None])
    return (related & torch.ones(rows, rows, dtype=torch.bool, device=segments.device).tril())[:, None]
