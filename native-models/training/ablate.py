"""The paper's ablations at this scale: `python ablate.py --from recovered.safetensors --pictures 2000 [--seeds 3]`.

Every variant trains the stage `pretraining` on the same pictures from the same weights and is then measured on the
validation shards: loss and share of answers of which every token is right given the ones before, with and without the
reading aid. A run that was stopped goes on, one that is done is not repeated; the table is printed from what is there.
"""

import argparse
import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import torch

from compact import read_compact
from learner import ABSTRACTOR, VISION
from schedule import Budget
from shards import Shards
from stages import Pretraining
from train import HERE, Run, Session

MEASURED_STEPS = 60  # batches of the validation shards


@dataclass(frozen=True)
class Variant:
    """What a variant leaves out: weights whose names hold one of `frozen` do not train."""

    title: str
    frozen: tuple[str, ...] = ()
    aid_share: float = Pretraining.aid_share
    place_weight: float = Pretraining.place_weight


VARIANTS = {
    "all": Variant("everything of stage 1"),
    "one-set": Variant("without the modality-adaptive module (visual rows pass through the text half)", (".multiway.1.",)),
    "frozen-encoder": Variant("vision encoder frozen", (VISION,)),
    "frozen-eyes": Variant("vision encoder and abstractor frozen", (VISION, ABSTRACTOR)),
    "no-aid": Variant("reading aid never given", aid_share=0.0),
    "no-place": Variant("without the place labels", place_weight=0.0),
}


@dataclass
class AblatedPretraining(Pretraining):
    variant: Variant = VARIANTS["all"]

    def factor(self, name: str) -> float | None:
        return None if any(part in name for part in self.variant.frozen) else super().factor(name)


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


def stage_of(variant: Variant, data: Path, split: str, seed: int, config: dict, aid_share: float) -> AblatedPretraining:
    visual = config["model"]["visual_config"]
    return AblatedPretraining(
        Shards(data, split), seed, visual["visual_abstractor"]["num_learnable_queries"] + 1,
        visual["visual_model"]["num_hidden_layers"], variant=variant, aid_share=aid_share,
        place_weight=variant.place_weight)


@torch.no_grad()
def measure(run: Run, variant: Variant, config: dict) -> dict[str, float]:
    """Loss and exact share on the validation shards, without (`none`) and with the reading aid (`aid`)."""
    found = {}
    for name, share in (("none", 0.0), ("aid", 1.0)):
        stage = stage_of(variant, run.data, "validation", 0, config, share)
        session = Session(stage, run.load(), config, 0, run.device)
        session.learner.eval()
        means = session.measure(stage, MEASURED_STEPS)
        for key in ("answer_loss", "exact"):
            found[f"{key}_{name}"] = means[key]
    return found


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """A row a variant: the means over its seeds."""
    lines = ["| variant | seeds | loss | exact | loss with text | exact with text |", "|---|---|---|---|---|---|"]
    for name, variant in VARIANTS.items():
        runs = results.get(name, [])
        if not runs:
            lines.append(f"| {variant.title} | not run | | | | |")
            continue
        mean = {key: sum(run[key] for run in runs) / len(runs) for key in runs[0]}
        lines.append(f"| {variant.title} | {len(runs)} | {mean['answer_loss_none']:.2f} | {mean['exact_none']:.1%} | "
                     f"{mean['answer_loss_aid']:.2f} | {mean['exact_aid']:.1%} |")
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
        for name in options.variants:
            variant = VARIANTS[name]
            run = Run(HERE / "runs" / f"ablation-{name}-{options.pictures}-{seed}", config, options.data, seed, device)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, run.stop)
            scores = run.folder / "scores.json"
            if not scores.exists():
                if run.load() is None:
                    run.save(start_of(options.start))
                stage = stage_of(variant, options.data, "train", seed, config, variant.aid_share)
                if not run.train(stage, Budget(options.pictures, "pictures")):
                    return
                scores.write_text(json.dumps(measure(run, variant, config)))
            results.setdefault(name, []).append(json.loads(scores.read_text()))
    print(table(results))


if __name__ == "__main__":
    main()
