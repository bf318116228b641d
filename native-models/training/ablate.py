"""The paper's ablations at this scale: `python ablate.py --from recovered.safetensors --pictures 2000 [--seeds 3]`.

Every variant of stage 1 trains on the same pictures from the same weights, every one of stage 2 goes on from where the
whole stage 1 ended. Each is then measured on the validation shards: loss and share of answers of which every token is
right given the ones before, with and without the reading aid, and loss on questions without a picture. A run that was
stopped goes on, one that is done is not repeated; the table is printed from what is there.
"""

import argparse
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch

from compact import read_compact
from learner import ABSTRACTOR, VISION
from schedule import Budget
from shards import Shards
from stages import STAGES, Pretraining, QuestionStage
from train import HERE, Run, Session

MEASURED_STEPS = 60  # batches of the validation shards


@dataclass(frozen=True)
class Variant:
    """A stage with some of its fields changed; `after` is the variant whose end it starts from."""

    title: str
    changes: Mapping[str, object] = field(default_factory=dict)
    stage: str = "pretraining"
    after: str | None = None


def of_stage_2(title: str, **changes: object) -> Variant:
    return Variant(title, changes, "instruction", "all")


VARIANTS = {
    "all": Variant("everything of stage 1"),
    "one-set": Variant("without the modality-adaptive module (visual rows pass through the text half)",
                       {"frozen": (".multiway.1.",)}),
    "frozen-encoder": Variant("vision encoder frozen", {"frozen": (VISION,)}),
    "frozen-eyes": Variant("vision encoder and abstractor frozen", {"frozen": (VISION, ABSTRACTOR)}),
    "no-aid": Variant("reading aid never given", {"aid_share": 0.0}),
    "no-place": Variant("without the place labels", {"place_weight": 0.0}),
    "stage-2": of_stage_2("everything of stage 2"),
    "no-text": of_stage_2("stage 2 without samples that have no picture", text_share=0.0),
    "one-rate": of_stage_2("stage 2 with one rate for all layers of the vision encoder", layer_decay=1.0),
    "frozen-language": of_stage_2("stage 2 with the language part frozen",
                                  frozen=(".self_attn.q_proj.", ".self_attn.o_proj.", ".multiway.0.")),
}

# What is measured: the stage with these fields.
REGIMES = {"none": {"aid_share": 0.0}, "aid": {"aid_share": 1.0}, "text": {"text_share": 1.0}}

# The columns of the table. Answers without a picture are whole paragraphs: hardly one has every token right.
MEASURES = {"answer_loss_none": ".2f", "exact_none": ".1%", "answer_loss_aid": ".2f", "exact_aid": ".1%",
            "answer_loss_text": ".2f"}


def start_of(weights: Path) -> dict:
    """The common start: the visual half of every layer is a copy of the text half, as where the paper starts.

    What `weights` has learned for visual rows would favour the variants that keep it.
    """
    state = read_compact(weights)
    learned = {name: weight for name, weight in state["weights"].items() if ".multiway.1." not in name}
    copies = {name.replace(".multiway.0.", ".multiway.1."): weight for name, weight in learned.items()
              if ".multiway.0." in name}
    state["weights"] = learned | copies
    return state


def end_of(run: Run) -> dict:
    """Where a finished run stands."""
    state = run.load()
    if state is None or not state["done"]:
        raise SystemExit(f"{run.folder.name} has not ended: what goes on from it comes after it.")
    return state


def stage_of(name: str, data: Path, split: str, seed: int, config: dict, changes: Mapping[str, object]) -> QuestionStage:
    visual = config["model"]["visual_config"]
    return STAGES[name](Shards(data, split), seed, visual["visual_abstractor"]["num_learnable_queries"] + 1,
                        visual["visual_model"]["num_hidden_layers"], **changes)


@torch.no_grad()
def measure(run: Run, config: dict) -> dict[str, float]:
    """Loss and exact share on the validation shards by regime: what stage 1 asks, whatever the run's stage."""
    found, stages = {}, {name: stage_of(Pretraining.name, run.data, "validation", 0, config, regime)
                         for name, regime in REGIMES.items()}
    session = Session(stages["none"], run.load(), config, 0, run.device)
    session.learner.eval()
    for name, stage in stages.items():
        means = session.measure(stage, MEASURED_STEPS)
        for key in ("answer_loss", "exact"):
            found[f"{key}_{name}"] = means[key]
    return found


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """A row a variant: the means over its seeds."""
    lines = ["| variant | seeds | loss | exact | loss with text | exact with text | loss without picture |",
             "|---|---|---|---|---|---|---|"]
    for name, variant in VARIANTS.items():
        runs = results.get(name, [])
        if not runs:
            lines.append(f"| {variant.title} | not run |{' |' * len(MEASURES)}")
            continue
        mean = {key: sum(run[key] for run in runs) / len(runs) for key in runs[0]}
        cells = [format(mean[key], form) for key, form in MEASURES.items()]
        lines.append(f"| {variant.title} | {len(runs)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="start", type=Path, required=True, help="compact weights that all start from")
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--config", type=Path, default=HERE / "configs/owl-mini.json")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = json.loads(options.config.read_text())
    device = "cuda" if torch.cuda.is_available() else "cpu"
    results: dict[str, list[dict[str, float]]] = {}
    for seed in range(options.seeds):
        def run_of(name: str) -> Run:
            return Run(HERE / "runs" / f"ablation-{name}-{options.pictures}-{seed}", config, options.data, seed, device)

        for name in options.variants:
            variant, run = VARIANTS[name], run_of(name)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, run.stop)
            scores = run.folder / "scores.json"
            if not scores.exists():
                if run.load() is None:
                    run.save(end_of(run_of(variant.after)) if variant.after else start_of(options.start))
                stage = stage_of(variant.stage, options.data, "train", seed, config, variant.changes)
                if not run.train(stage, Budget(options.pictures, "pictures")):
                    return
                scores.write_text(json.dumps(measure(run, config)))
            results.setdefault(name, []).append(json.loads(scores.read_text()))
    print(table(results))


if __name__ == "__main__":
    main()
