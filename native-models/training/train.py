"""Train Owl Mini stage by stage: `python train.py --run NAME --stages sight:20m place:10m ...`.

Every stage resumes from `runs/NAME/state.pt`; the same command goes on where it stopped. See README.md.
"""

import argparse
import json
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import torch
import torch._inductor.config
from torch.utils.data import DataLoader, Dataset

from compact import read_compact
from learner import VISUAL, Learner
from precision import computes_in_half
from recover import language
from schedule import Budget
from shards import Shards
from stages import STAGES, Stage

HERE = Path(__file__).parent
SAVE_EVERY = 120.0  # seconds
VALIDATE_EVERY = 600.0  # seconds
VALIDATION_STEPS = 16  # batches: always the same
LOG_EVERY = 10  # steps
WEIGHT_DECAY = 0.02
CLIP = 1.0


class Pools(Dataset):
    """The batches of a stage from step `start` on, by pools: what workers prepare, in any number of processes."""

    def __init__(self, stage: Stage, start: int):
        self.stage, self.start = stage, start

    def __len__(self) -> int:
        return 1 << 40  # training ends by its budget

    def __getitem__(self, number: int) -> list[dict]:
        pool = self.start // self.stage.pool + number
        steps = range(pool * self.stage.pool, (pool + 1) * self.stage.pool)
        return [self.stage.prepare(step) for step in steps if step >= self.start]


def leave_signals_to_the_trainer(_: int) -> None:
    """A worker must neither stop by itself on Ctrl-C nor outlive the trainer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def prefetch(stage: Stage, start: int, workers: int) -> Iterator[dict]:
    """Batches from step `start` on, prepared ahead in `workers` processes; an error there is raised here."""
    pools = Pools(stage, start)
    loader = DataLoader(pools, batch_size=None, sampler=range(len(pools)), num_workers=workers,
                        worker_init_fn=leave_signals_to_the_trainer, pin_memory=torch.cuda.is_available())
    for batches in loader:
        yield from batches


class Averages:
    """Running means since the last `take`, ignoring NaN. Values stay on their device until then."""

    def __init__(self):
        self.values: dict[str, list[torch.Tensor]] = {}

    def add(self, metrics: dict[str, torch.Tensor | float]) -> None:
        for name, value in metrics.items():
            self.values.setdefault(name, []).append(torch.as_tensor(value).detach())

    def take(self) -> dict[str, float]:
        means = {name: torch.stack(values).float().nanmean().item() for name, values in self.values.items()}
        self.values = {}
        return {name: mean for name, mean in means.items() if not math.isnan(mean)}


def trained_factor(stage: Stage, name: str) -> float | None:
    """The part of the stage's learning rate that the weight `name` gets; None keeps it frozen."""
    return None if any(part in name for part in stage.frozen) else stage.factor(name)


def groups_of(stage: Stage, learner: Learner) -> list[dict]:
    """Optimizer groups by learning-rate factor, weight decay on matrices only; everything else is frozen."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, weight in learner.named_parameters():
        factor = trained_factor(stage, name)
        weight.requires_grad_(factor is not None)
        if factor is not None:
            groups.setdefault((factor, WEIGHT_DECAY if weight.dim() > 1 else 0.0), []).append(weight)
    return [{"params": weights, "factor": factor, "weight_decay": decay} for (factor, decay), weights in groups.items()]


class Session:
    """One stage under way: its weights, its optimizer and how far it is. `state` is where the run stands."""

    def __init__(self, stage: Stage, state: dict, config: dict, seed: int, device: str, rounded: Path | None = None,
                 compiled: bool = False):
        self.stage, self.seed, self.done = stage, seed, state["done"]
        base = language(rounded, config["model"], stage.full_decoder) if rounded else None
        self.learner = Learner(config, stage.full_decoder, seed, base)
        # A start from a whole model may go through stages with the small decoder first: its decoder waits aside.
        self.aside = {} if stage.full_decoder else state.get("aside", {})
        if state["full"] and not stage.full_decoder:
            self.aside = {name: weight for name, weight in state["weights"].items() if not name.startswith(VISUAL)}
        self.learner.restore(state["weights"], only_visual=state["full"] != stage.full_decoder)
        if stage.full_decoder and not state["full"]:
            self.learner.restore(state.get("aside", {}))
        self.learner.to(device).train()
        self.optimizer = torch.optim.AdamW(groups_of(stage, self.learner), lr=stage.rate, betas=(0.9, 0.98), fused=True)
        self.trained = [weight for weight in self.learner.parameters() if weight.requires_grad]
        self.device, self.half = device, computes_in_half(device)
        if self.half and stage.full_decoder:
            for weight in self.learner.owl.model.parameters():
                if not weight.requires_grad and weight.dim() == 2:
                    weight.data = weight.data.bfloat16()  # the rows between the layers follow the embeddings
        if compiled:
            # Processes that compile hung once beside those that prepare batches: both are forked from one with threads.
            torch._inductor.config.compile_threads = 1
            for layer in (*self.learner.owl.model.layers, *self.learner.owl.model.vision_model.encoder.layers):
                layer.forward = torch.compile(layer.forward, dynamic=True)
        self.step, self.pictures, self.seconds = 0, 0, 0.0
        self.resumed = state["stage"] == stage.name
        if self.resumed:
            self.step, self.pictures, self.seconds = state["step"], state["pictures"], state["seconds"]
            if state["optimizer"]:  # a finished stage, which is only looked at, has none any more
                self.optimizer.load_state_dict(state["optimizer"])

    def used(self, budget: Budget) -> float:
        return budget.used(self.pictures, self.seconds)

    def progress(self) -> dict:
        return {"step": self.step, "pictures": self.pictures, "minutes": self.seconds / 60}

    def advance(self, batch: dict, used: float) -> dict[str, torch.Tensor | float]:
        """One step of the optimizer at the fraction `used` of the budget; its metrics."""
        rate = self.stage.rate * self.stage.schedule.factor(self.step, used)
        for group in self.optimizer.param_groups:
            group["lr"] = group["factor"] * rate
        loss, metrics = self.loss(self.stage, batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        gradient = torch.nn.utils.clip_grad_norm_(self.trained, CLIP)
        self.optimizer.step()
        self.step, self.pictures = self.step + 1, self.pictures + len(batch["pictures"])
        return {"loss": loss.detach(), "gradient": gradient, "rate": rate, **metrics}

    def loss(self, stage: Stage, batch: dict) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """Loss and metrics of one batch, in the numbers that the device is fast in."""
        batch = {name: value.to(self.device, non_blocking=True) for name, value in batch.items()}
        with torch.autocast(self.device, torch.bfloat16) if self.half else nullcontext():
            return stage.loss(self.learner, batch)

    def measure(self, held_out: Stage, steps: int) -> dict[str, float]:
        """Mean metrics over the first `steps` batches of a stage on shards that are not trained on."""
        averages = Averages()
        for step in range(steps):
            # Gradients stay on, though unused: without them compiled layers would be compiled once more.
            loss, metrics = self.loss(held_out, held_out.prepare(step))
            averages.add({"loss": loss, **metrics})
        return averages.take()

    def state(self, finished: bool = False) -> dict:
        """What the run's file holds; a finished stage needs its optimizer no more."""
        return {"stage": self.stage.name, "step": self.step, "pictures": self.pictures, "seconds": self.seconds,
                "full": self.stage.full_decoder, "seed": self.seed, "weights": self.learner.saved(), "aside": self.aside,
                "optimizer": {} if finished else self.optimizer.state_dict(),
                "done": self.done + [self.stage.name] if finished else self.done}


class Run:
    """One training run: its folder, where it stands, and how it goes through the stages."""

    def __init__(self, folder: Path, config: dict, data: Path, seed: int, device: str, rounded: Path | None = None,
                 compiled: bool = False, workers: int = 1):
        self.folder, self.config, self.data, self.seed, self.device = folder, config, data, seed, device
        self.rounded, self.compiled, self.workers = rounded, compiled, workers
        self.stopping = False
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(config, indent=2))

    def stop(self, *_) -> None:
        """Ask the run to save and leave after the step under way."""
        self.stopping = True

    def write_log(self, **line) -> None:
        rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in line.items()}
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(rounded) + "\n")
        print(json.dumps(rounded), flush=True)

    def save(self, state: dict, name: str = "state.pt") -> None:
        """Write atomically: a run that is killed while saving keeps the state before."""
        part = self.folder / (name + ".part")
        torch.save(state, part)
        os.replace(part, self.folder / name)

    def load(self, name: str = "state.pt") -> dict | None:
        path = self.folder / name
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True) if path.exists() else None

    def train(self, stage: Stage, budget: Budget, held_out: Stage | None = None) -> bool:
        """Run one stage to the end of its budget. False if it was stopped before.

        `held_out` is the same stage on the validation shards: measured every ten minutes of training and at the end.
        """
        state = self.load() or {"stage": None, "full": stage.full_decoder, "done": [], "weights": {}}
        if stage.name in state["done"]:
            return True
        session = Session(stage, state, self.config, self.seed, self.device, self.rounded, self.compiled)
        self.write_log(stage=stage.name, event="resume" if session.resumed else "start", **session.progress(),
                       trained=sum(weight.numel() for weight in session.trained), shards=len(stage.shards.shards),
                       device=self.device, wall=time.time())
        averages, batches = Averages(), prefetch(stage, session.step, self.workers)
        saved = before = time.monotonic()
        validated = session.seconds

        def validate() -> None:
            if held_out is not None:
                means = session.measure(held_out, VALIDATION_STEPS)
                self.write_log(stage=stage.name, event="validation", **session.progress(),
                               **{f"validation_{name}": mean for name, mean in means.items()})

        logged, used_before = (before, session.pictures), session.used(budget)
        while (used := session.used(budget)) < 1 and not self.stopping:
            if used_before < stage.schedule.decay_from <= used:
                self.save(session.state(), f"{stage.name}-stable.pt")  # a longer run may go on from here
            used_before = used
            averages.add(session.advance(next(batches), used))
            now = time.monotonic()
            session.seconds, before = session.seconds + now - before, now
            if session.step % LOG_EVERY == 0 or session.step in (1, 5):
                speed = (session.pictures - logged[1]) / (now - logged[0])
                self.write_log(stage=stage.name, **session.progress(), **averages.take(), per_second=speed,
                               wall=time.time())
                logged = (now, session.pictures)
            if now - saved > SAVE_EVERY:
                self.save(session.state())
                saved = before = time.monotonic()
            if session.seconds - validated > VALIDATE_EVERY:
                validate()  # not counted as training
                validated, before = session.seconds, time.monotonic()
                logged = (before, session.pictures)
        batches.close()
        if not self.stopping:
            validate()
        self.save(session.state(finished=not self.stopping))
        self.write_log(stage=stage.name, event="stopped" if self.stopping else "finished", **session.progress(),
                       wall=time.time())
        return not self.stopping


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True, help="name of the folder below runs/")
    parser.add_argument("--stages", nargs="+", required=True, metavar="STAGE:BUDGET",
                        help=f"any of {', '.join(STAGES)} in order, with minutes (20m) or pictures (30000p)")
    parser.add_argument("--config", type=Path, default=HERE / "configs/owl-mini.json")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--from", dest="start", type=Path, help="compact weights that a new run starts from")
    parser.add_argument("--language", type=Path, metavar="MODEL",
                        help="an installed model whose rounded language part stands in for SmolLM2's own weights, so "
                             "that the visual half learns beside what will run")
    parser.add_argument("--rate", type=float, default=1.0,
                        help="factor on the learning rate of every stage; below 1 for weights that are trained already")
    parser.add_argument("--decay-from", type=float, metavar="PART",
                        help="part of a stage's budget after which its learning rate falls; 0 for a stage that only has "
                             "to settle what another run has learned")
    parser.add_argument("--compile", action="store_true",
                        help="compile the layers (a minute; needs a C++ compiler)")
    parser.add_argument("--batch", type=int, default=1, metavar="FACTOR",
                        help="factor on the batch of every stage: a GPU is only busy with many pictures at once")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare batches")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    plan = [(name, Budget.parse(budget)) for name, budget in (item.split(":") for item in options.stages)]
    unknown = [name for name, _ in plan if name not in STAGES]
    if unknown:
        raise SystemExit(f"Unknown stage {unknown[0]}: choose from {', '.join(STAGES)}.")
    torch.set_num_threads(options.threads)
    config = json.loads(options.config.read_text())
    device = "cuda" if torch.cuda.is_available() else "cpu"
    run = Run(HERE / "runs" / options.run, config, options.data, options.seed, device, options.language,
              options.compile, options.workers)
    if options.start and run.load() is None:
        run.save(read_compact(options.start))
    signal.signal(signal.SIGTERM, run.stop)
    signal.signal(signal.SIGINT, run.stop)
    visual = config["model"]["visual_config"]
    rows = visual["visual_abstractor"]["num_learnable_queries"] + 1

    def stage_on(split: str, name: str) -> Stage:
        # Read afresh for every stage: shards may have been rendered since.
        stage = STAGES[name](Shards(options.data, split), options.seed, rows,
                             visual["visual_model"]["num_hidden_layers"], installed=options.language)
        stage.batch *= options.batch
        return stage

    for name, budget in plan:
        stage = stage_on("train", name)
        stage.rate *= options.rate
        if options.decay_from is not None:
            stage.schedule = replace(stage.schedule, decay_from=options.decay_from)
        try:
            held_out = stage_on("validation", name)
        except FileNotFoundError as missing:
            held_out = None
            print(f"Nothing is measured on unseen pictures. {missing}", flush=True)
        if not run.train(stage, budget, held_out):
            break


if __name__ == "__main__":
    main()
