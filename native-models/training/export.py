"""Export a run: `python export.py --run NAME [--state FILE] [--out FOLDER]`.

Writes a checkpoint in the official layout, always on SmolLM2, to `runs/NAME/export` and beside it `compact.safetensors`:
the trained weights alone in bfloat16, from which `train.py --from` goes on. With --out, the checkpoint only.
"""

import argparse
import json
from pathlib import Path

import torch

import checkpoint
from compact import write_compact
from language_base import tokenizer
from learner import Learner

HERE = Path(__file__).parent


def learner_of(state: dict, config: dict, full_decoder: bool) -> Learner:
    """The learner that a state holds, on SmolLM2 or on the small decoder."""
    learner = Learner(config, full_decoder)
    learner.restore(state["weights"], only_visual=state["full"] != full_decoder)
    return learner.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True, help="name of the folder below runs/")
    parser.add_argument("--state", default="state.pt", help="state file in the run's folder")
    parser.add_argument("--out", type=Path, help="default: runs/NAME/export")
    options = parser.parse_args()
    folder = HERE / "runs" / options.run
    config = json.loads((folder / "config.json").read_text())
    state = torch.load(folder / options.state, map_location="cpu", weights_only=True)
    owl = learner_of(state, config, full_decoder=True).owl
    out = options.out or folder / "export"
    checkpoint.write(owl, tokenizer(), out)
    print(f"Wrote {out} ({state['stage']}, {state['pictures']} pictures).")
    if not options.out:
        write_compact(state, folder / "compact.safetensors")


if __name__ == "__main__":
    main()
