"""A shard of text-only samples: prompts written here, answered greedily by SmolLM2 as it is (self-distillation).

`python distil.py --out data/text --samples 600`; with `--split validation --seed 2 --unlike data/text` one of other
prompts, to be measured on. Instruction tuning mixes them in, so that the language part learns to look at pictures and at
their text without forgetting how it answers on its own.
"""

import argparse
import json
import os
import random
from pathlib import Path

import torch

from generation import answer
from language_base import language_weights, tokenizer
from owl import Owl
from precision import computes_in_half
from prompts import Prompter, collate

HERE = Path(__file__).parent
LONGEST = 96  # tokens; an answer that has not ended by then is left out, for its end is what has to be learned too
BATCH = 24

# {word} is a common word of WordNet, {a}, {b} small numbers, {place} and {person} from the lists below.
PROMPTS = (
    'What does the word "{word}" mean? Answer in one sentence.', "Define {word} in a few words.",
    'Use the word "{word}" in a sentence.', 'Write one short sentence about "{word}".',
    "What is the opposite of {word}? One word.", "Give me three words that have to do with {word}.",
    'Spell "{word}" backwards.', 'How many letters has the word "{word}"?', 'Translate "{word}" into French.',
    "What is {a} plus {b}?", "What is {a} times {b}?", "{a} - {b} = ?", "Is {a} greater than {b}?",
    "Count from {b} to {a}.", "What is the capital of {place}?", "On which continent is {place}?",
    "Name one thing that {place} is known for.", "What language do people speak in {place}?",
    "Who was {person}? One sentence.", "What was {person} known for?", "Hello!", "Hi, how are you?", "Thank you.",
    "Who are you?", "What can you do?", "Tell me a short joke.", "Write a haiku about {word}.",
    "Give me a tip for better sleep.", "How do I boil an egg?", "Write a short thank-you note to my {person_near}.",
    "Why is the sky blue? Keep it short.", "Name a fruit, a colour and an animal.", "Write a title for a story about {word}.",
    'Correct this sentence: "he go to the {word} yesterday".', "Say yes if you understand me.",
    'Rewrite in a friendly tone: "Send me the {word} now."', "List two uses of a computer.",
    'Is "{word}" a noun or a verb?', "Which is heavier, a feather or a stone?", "What day comes after Monday?",
)
PLACES = ("France", "Japan", "Brazil", "Egypt", "Canada", "India", "Italy", "Kenya", "Norway", "Mexico", "Spain", "China",
          "Germany", "Peru", "Greece", "Australia", "Turkey", "Poland", "Chile", "Sweden")
PEOPLE = ("Albert Einstein", "Marie Curie", "Isaac Newton", "Leonardo da Vinci", "Ada Lovelace", "Charles Darwin",
          "William Shakespeare", "Nelson Mandela", "Alan Turing", "Galileo Galilei", "Mozart", "Cleopatra")
NEAR = ("neighbour", "teacher", "colleague", "friend", "mother")


def prompt(chance: random.Random, words: list[str]) -> str:
    """One prompt drawn from the templates."""
    first, second = sorted(chance.sample(range(2, 60), 2), reverse=True)
    return chance.choice(PROMPTS).format(word=chance.choice(words), a=first, b=second, place=chance.choice(PLACES),
                                         person=chance.choice(PEOPLE), person_near=chance.choice(NEAR))


def prompts(samples: int, seed: int, words: list[str], known: frozenset[str] = frozenset()) -> list[str]:
    """`samples` different prompts, none of them `known`. Raises ValueError where the templates give no more."""
    chance, found = random.Random(seed), {}
    for _ in range(100 * samples):
        drawn = prompt(chance, words)
        if drawn not in known:
            found[drawn] = None
        if len(found) == samples:
            return list(found)
    raise ValueError(f"The templates give {len(found)} prompts, not {samples}: ask for fewer or add templates.")


def asked_in(shard: Path | None) -> frozenset[str]:
    """The prompts of a shard that this script has written."""
    lines = (shard / "samples.jsonl").read_text(encoding="utf-8").splitlines() if shard else []
    return frozenset(question["question"] for line in lines for question in json.loads(line)["questions"])


def sample(question: str, reply: str) -> dict:
    """A line of `samples.jsonl` without a picture."""
    return {"kind": "text-only", "pictures": [], "text": [], "questions": [
        {"kind": "text-only", "question": question, "answer": reply, "answers": [reply], "form": "sentence"}]}


def distil(owl: Owl, questions: list[str], longest: int = LONGEST):
    """Each question with the model's own answer, those that end within `longest` tokens only."""
    prompter, coder = Prompter(tokenizer(), owl.rows_per_picture), tokenizer()
    for at in range(0, len(questions), BATCH):
        group = questions[at:at + BATCH]
        batch = collate([prompter.sequence(0, [], [(question, None)]) for question in group])
        for question, [reply] in zip(group, answer(owl, batch, None, prompter.end, longest)):
            text = coder.decode(reply).strip()
            if text and len(reply) < longest:
                yield sample(question, text)
        print(f"{min(at + BATCH, len(questions))} of {len(questions)} prompts answered", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="shard to write")
    parser.add_argument("--samples", type=int, default=600, help="prompts asked; long answers are left out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", default="train", choices=("train", "validation"))
    parser.add_argument("--unlike", type=Path, metavar="SHARD", help="a shard whose prompts are not asked again")
    parser.add_argument("--config", type=Path, default=HERE / "configs/owl-mini.json")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = json.loads(options.config.read_text())["model"]
    owl = Owl(model)
    owl.load_state_dict(language_weights(model), strict=False)
    owl.to(torch.bfloat16 if computes_in_half("cpu") else torch.float32)
    words = (HERE / "renderers/words.txt").read_text().split()
    asked = prompts(options.samples, options.seed, words, asked_in(options.unlike))
    options.out.mkdir(parents=True)
    for empty in ("pictures.rgb", "labels.u8"):
        (options.out / empty).touch()
    written = 0
    with (options.out / "samples.jsonl").open("w", encoding="utf-8") as lines:
        for line in distil(owl.eval(), asked):
            lines.write(json.dumps(line) + "\n")
            written += 1
    visual = model["visual_config"]["visual_model"]
    meta = {"size": visual["image_size"], "patch": visual["patch_size"], "pictures": 0, "samples": written,
            "split": options.split, "source": "SmolLM2"}
    (options.out / "meta.json").write_text(json.dumps(meta))  # last: a shard is complete when it is there
    print(f"{options.out}: {written} samples.")


if __name__ == "__main__":
    main()
