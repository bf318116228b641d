"""The compact form of a run: its trained weights alone, in bfloat16, small enough to keep."""

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file


def write_compact(state: dict, path: Path) -> None:
    """Save the weights of a training state, with the stage and the number of pictures that made them."""
    weights = {name: weight.to(torch.bfloat16).contiguous() for name, weight in state["weights"].items()}
    save_file(weights, path, metadata={"stage": state["stage"], "full": json.dumps(state["full"]),
                                       "pictures": str(state["pictures"])})


def read_compact(path: Path) -> dict:
    """A training state that starts any stage from saved weights, with no optimizer and no stage done."""
    with safe_open(path, "pt") as file:
        full = json.loads(file.metadata()["full"])
    weights = {name: weight.float() for name, weight in load_file(path).items()}
    return {"stage": None, "full": full, "done": [], "weights": weights}
