"""Export a run: `python export.py --run NAME [--state FILE] [--out FOLDER]`.

Writes a checkpoint in the official layout and, in the run's folder, `compact.safetensors`: the trained weights alone in
bfloat16, from which `train.py --from` goes on.
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
    parser.add_argument("--small", action="store_true", help="with the small decoder of the stage `questions`")
    options = parser.parse_args()
    folder = HERE / "runs" / options.run
    config = json.loads((folder / "config.json").read_text())
    state = torch.load(folder / options.state, map_location="cpu", weights_only=True)
    owl = learner_of(state, config, not options.small).owl
    out = options.out or folder / "export"
    checkpoint.write(owl, tokenizer(), out)
    write_compact(state, folder / "compact.safetensors")
    print(f"Wrote {out} and {out.parent / 'compact.safetensors'} ({state['stage']}, {state['pictures']} pictures).")


if __name__ == "__main__":
    main()
