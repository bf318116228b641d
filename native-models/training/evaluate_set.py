"""Score a checkpoint in float32 on a committed set: `python evaluate_set.py --checkpoint FOLDER --set FILE [--most N]`.

The same questions, the same text aid and the same comparison as `owl evaluate`, so that the two columns show what
rounding costs. Every question about a picture is asked over one shared prefix, which gives the answers of single
questions.
"""

import argparse
import json
import os
import re
import time
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

import checkpoint
from generation import answer
from owl import Owl
from prompts import Prompter, collate
from stages import normalise

NUMBERS = {"none": "0", **{word: str(number) for number, word in enumerate(
    "zero one two three four five six seven eight nine ten".split())}}
ARTICLES = {"a", "an", "the"}
AID_CHARACTERS = 200  # as the app gives them


def normalised(text: str) -> str:
    """The form in which VQA scores compare answers, as `src-main/core/answer-normalisation.ts` has it."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"['’`]", "", text)
    text = re.sub(r"(\d),(?=\d{3}(?!\d))", r"\1", text)
    text = re.sub(r"\.(?!\d)", " ", text)
    text = re.sub(r"[;/\[\]\"{}()=+\\_\-><@,?!“”‘–—…:]", " ", text)
    return " ".join(NUMBERS.get(word, word) for word in text.split() if word not in ARTICLES)


def is_exact(written: str, accepted: list[str]) -> bool:
    return normalised(written) in {normalised(one) for one in accepted}


def first_of_each_kind(questions: list[dict], most: int) -> list[dict]:
    taken: dict[str, int] = defaultdict(int)
    chosen = []
    for question in questions:
        taken[question["kind"]] += 1
        if taken[question["kind"]] <= most:
            chosen.append(question)
    return chosen


def given_lines(lines: list[str]) -> list[str]:
    """The first lines that the app's reading aid has room for."""
    kept, characters = [], 0
    for line in lines:
        characters += len(line) + 1
        if characters <= AID_CHARACTERS:
            kept.append(line)
    return kept


@torch.inference_mode()
def predictions(owl: Owl, tokenizer: Tokenizer, folder: Path, questions: list[dict], aided: bool,
                deadline: float = float("inf")) -> list[tuple[dict, str]]:
    """Questions with their greedy answers; stops early at `deadline` (monotonic seconds)."""
    prompter = Prompter(tokenizer, owl.rows_per_picture, aid_tokens=10**6)
    pictures: dict[tuple[str, ...], list[dict]] = defaultdict(list)
    for question in questions:
        pictures[tuple(question["images"])].append(question)
    found = []
    for images, asked in pictures.items():
        if time.monotonic() > deadline:
            break
        pixels = np.stack([np.asarray(Image.open(folder / image).convert("RGB")) for image in images])
        lines = given_lines(asked[0].get("text", [])) if aided else []
        batch = collate([prompter.sequence(len(images), lines, [(one["question"], None) for one in asked])])
        rows = owl.see(normalise(torch.from_numpy(pixels)))
        written = answer(owl, batch, rows, prompter.end, most=64)[0]
        found += [(one, tokenizer.decode(reply).strip()) for one, reply in zip(asked, written)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder in the official layout")
    parser.add_argument("--set", type=Path, required=True, help="JSON lines, pictures beside it")
    parser.add_argument("--most", type=int, default=10**9, help="questions of each kind, the first ones")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after this long and score what was answered")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    owl = checkpoint.read(options.checkpoint)
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    questions = first_of_each_kind([json.loads(line) for line in options.set.read_text().splitlines()], options.most)
    for aided in (False, True):
        deadline = time.monotonic() + 30 * options.minutes
        scored = predictions(owl, tokenizer, options.set.parent, questions, aided, deadline)
        right = sum(is_exact(written, question["answers"]) for question, written in scored)
        print(f"float32 {'with text' if aided else 'without text'}: {right} of {len(scored)} right, "
              f"{right / max(1, len(scored)):.1%}", flush=True)


if __name__ == "__main__":
    main()
