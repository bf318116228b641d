"""Score a checkpoint on held-out shards: `python evaluate.py --checkpoint FOLDER --split validation [--samples 400]`.

Greedy answers, by kind of question, beside the best constant answer. See README.md for what counts as right.
"""

import argparse
import json
import os
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import checkpoint
from generation import answer
from owl import Owl
from prompts import Prompter, collate
from shards import Shards
from stages import normalise

HERE = Path(__file__).parent


def plain(text: str) -> str:
    """Lower case, without quotes, a final full stop or doubled spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[\"“”]", "", text.lower())).strip().rstrip(".")


def is_right(written: str, question: dict) -> bool:
    """Whether an answer equals the expected or an accepted one, or is a sentence that names the first accepted one.

    Names are whole words; "yes" and "no" must begin the sentence, for "no" stands in many others.
    """
    said, wanted = plain(written), plain(question["answer"])
    accepted = {plain(text) for text in question["answers"]}
    if said == wanted or said in accepted:
        return True
    if question["form"] != "sentence" or question["kind"] == "caption":
        return False
    first = plain(question["answers"][0])
    if first in ("yes", "no"):
        return said.startswith(first + ",") or said.startswith(first + " ")
    named = bool(first) and re.search(rf"(?<!\w){re.escape(first)}(?!\w)", said) is not None
    return named and len(said) < 3 * len(wanted)  # a list of everything names it too


def best_constant(questions: list[dict]) -> tuple[str, float]:
    """The one answer that is right most often, and its share."""
    tried = Counter(text for question in questions
                    for text in sorted({plain(text) for text in (question["answer"], *question["answers"])}))
    shares = {text: sum(is_right(text, question) for question in questions) / len(questions)
              for text, _ in tried.most_common(20)}
    return max(shares.items(), key=lambda pair: pair[1])


def answers(owl: Owl, tokenizer: Tokenizer, shards: Shards, chosen: np.ndarray, aided: bool, batch: int = 8,
            deadline: float = float("inf")) -> list[tuple[dict, str]]:
    """Every question of the `chosen` samples with the greedy answer; stops early at `deadline` (monotonic seconds)."""
    prompter, found = Prompter(tokenizer, owl.rows_per_picture), []
    device = next(owl.parameters()).device
    for at in range(0, len(chosen), batch):
        if time.monotonic() > deadline:
            break
        group = chosen[at:at + batch]
        samples = [shards.samples[index][1] for index in group]
        # Captions are long and scored by eye: one sequence holds the short questions only.
        asked = [[q for q in sample["questions"] if q["kind"] != "caption"] for sample in samples]
        sequences = [prompter.sequence(len(sample["pictures"]), sample["text"] if aided else [],
                                       [(q["question"], None) for q in questions])
                     for sample, questions in zip(samples, asked)]
        tensors = {name: value.to(device) for name, value in collate(sequences).items()}
        pixels, _ = shards.pictures(np.concatenate([shards.pictures_of(index) for index in group]))
        with torch.inference_mode():
            rows = owl.see(normalise(torch.from_numpy(pixels).to(device)))
        written = answer(owl, tensors, rows, prompter.end, most=32)
        for questions, replies in zip(asked, written):
            found += [(question, tokenizer.decode(reply).strip()) for question, reply in zip(questions, replies)]
    return found


def table(scored: list[tuple[dict, str]]) -> list[dict]:
    """Per kind: number of questions, share right, best constant answer and its share; the last line is over all."""
    kinds: dict[str, list[tuple[dict, str]]] = defaultdict(list)
    for question, written in scored:
        kinds[question["kind"]].append((question, written))
    lines = []
    for kind, pairs in sorted(kinds.items()):
        constant, share = best_constant([question for question, _ in pairs])
        right = sum(is_right(written, question) for question, written in pairs) / len(pairs)
        lines.append({"kind": kind, "n": len(pairs), "right": right, "constant": constant, "constant_right": share})
    total = sum(line["n"] for line in lines)
    over_all = {key: sum(line[key] * line["n"] for line in lines) / total for key in ("right", "constant_right")}
    return [*lines, {"kind": "all", "n": total, "constant": "(best of each kind)", **over_all}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder in the official layout")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--split", choices=["train", "validation", "test"], default="validation")
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--minutes", type=float, default=10.0, help="stop after this long and score what was answered")
    parser.add_argument("--aid", action="store_true", help="give the picture's exact text lines in the prompt")
    parser.add_argument("--out", type=Path, help="write the table as JSON")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    owl = checkpoint.read(options.checkpoint).to(device)
    tokenizer = Tokenizer.from_file(str(options.checkpoint / "tokenizer.json"))
    shards = Shards(options.data, options.split)
    chosen = np.random.default_rng(0).permutation(len(shards.samples))[:options.samples]
    scored = answers(owl, tokenizer, shards, chosen, options.aid, deadline=time.monotonic() + 60 * options.minutes)
    lines = table(scored)
    print(f"{'kind':18} {'n':>5} {'right':>6} {'constant':>9}  answer")
    for line in lines:
        print(f"{line['kind']:18} {line['n']:5} {line['right']:6.1%} {line['constant_right']:9.1%}  {line['constant']}")
    for question, written in scored[:12]:
        print(json.dumps({"question": question["question"], "expected": question["answer"], "written": written}))
    if options.out:
        options.out.write_text(json.dumps({"split": options.split, "aid": options.aid, "scores": lines}, indent=1))


if __name__ == "__main__":
    main()
