"""Read the weights of an installed Owl Mini back: `python recover.py --model ../owl-mini --out compact.safetensors`.

The graphs hold the trained weights in 8 bits, which is close enough to go on from where no training state is left:
`train.py --from compact.safetensors`. The label heads are no part of a model, so a short `place` has to come first.
With `--checkpoint FOLDER` the whole model is written in the official layout instead, as it is installed.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto
from torch import Tensor

import checkpoint
from compact import write_compact
from language_base import tokenizer, with_visual_half
from learner import Learner
from owl import Owl

FORMATS = {TensorProto.FLOAT: np.float32, TensorProto.FLOAT16: np.float16, TensorProto.UINT8: np.uint8}
MODULES = ("vision-encoder", "visual-abstractor", "modality-adaptive-decoder")
ZERO8 = 128  # the code that stands for zero in 8 bits


def stored_tensors(graph: Path) -> dict[str, np.ndarray]:
    """Every float and byte tensor of a graph by name; those in a weight file are mapped, not read."""
    found = {}
    for tensor in onnx.load(graph, load_external_data=False).graph.initializer:
        if tensor.data_type not in FORMATS:
            continue
        kind = np.dtype(FORMATS[tensor.data_type])
        shape = tuple(tensor.dims)
        if tensor.external_data:
            place = {entry.key: entry.value for entry in tensor.external_data}
            found[tensor.name] = np.memmap(graph.parent / place["location"], kind, "r", int(place["offset"]), shape)
        else:
            found[tensor.name] = onnx.numpy_helper.to_array(tensor)
    return found


def nibbles(packed: np.ndarray) -> np.ndarray:
    """[..., n] bytes to [..., 2n] codes of 4 bits, the lower half of a byte first."""
    return np.stack([packed & 15, packed >> 4], -1).reshape(*packed.shape[:-1], -1)


def matrix(tensors: dict[str, np.ndarray], name: str, columns: int) -> Tensor:
    """A matrix [rows, columns] in float32, from the plain or the rounded form that the importer stores."""
    if name in tensors:
        return torch.from_numpy(np.array(tensors[name], np.float32))
    packed, scales = tensors[f"{name}.packed"], np.array(tensors[f"{name}.scales"], np.float32)[..., None]
    zeros = tensors.get(f"{name}.zero_points")
    if zeros is None:
        values = (packed.astype(np.float32) - ZERO8) * scales
    else:
        values = (nibbles(packed).astype(np.float32) - nibbles(zeros)[:, :packed.shape[1], None]) * scales
    return torch.from_numpy(values.reshape(len(values), -1)[:, :columns].copy())


def interleaved(rows: Tensor, heads: int) -> Tensor:
    """Rows ordered [query | key | value, head] to the checkpoint's [head, query | key | value]."""
    return rows.unflatten(0, (3, heads, -1)).transpose(0, 1).reshape(rows.shape)


def eyes(tensors: dict[str, np.ndarray], heads: int) -> dict[str, Tensor]:
    """Weights of the vision encoder or of the abstractor, under the names of the checkpoint."""
    weights = {}
    for stored in tensors:
        name = stored.removesuffix(".packed")
        if not name.startswith("model.") or name.endswith((".scales", ".zero_points", "_pos_embed")):
            continue
        values = tensors[stored]
        columns = values.shape[1] * values.shape[2] if name != stored else 0
        weight = matrix(tensors, name, columns)
        weights[name] = interleaved(weight, heads) if ".query_key_value." in name else weight
    return weights


def adaptive(tensors: dict[str, np.ndarray], layer: int, way: int, config: dict) -> dict[str, Tensor]:
    """Norms, keys and values of one modality in one decoder layer: `way` 0 is text, 1 is visual."""
    prefix, width = f"model.layers.{layer}", config["hidden_size"]
    weights = {f"{prefix}.{norm}.multiway.{way}.weight":
               matrix(tensors, f"{prefix}.{norm}.multiway.0.weight+visual", width)[way].clone()
               for norm in ("input_layernorm", "post_attention_layernorm")}
    both = matrix(tensors, f"layer.{layer}.key_value.{('text', 'visual')[way]}", width)
    for part, rows in zip("kv", both.chunk(2)):
        weights[f"{prefix}.self_attn.{part}_proj.multiway.{way}.weight"] = rows.clone()
    return weights


def language(model: Path, config: dict, layers: bool = True) -> dict[str, Tensor]:
    """The language part as it is installed, rounding included, in the form of `language_weights`.

    Without `layers`, only the embeddings and the final norm.
    """
    tensors = stored_tensors(model / f"{MODULES[2]}.onnx")
    width, inner = config["hidden_size"], config["intermediate_size"]
    weights = {"model.embed_tokens.weight": matrix(tensors, "model.embed_tokens.weight", width),
               "model.norm.weight": matrix(tensors, "model.norm.weight", width)}
    for layer in range(config["num_hidden_layers"] if layers else 0):
        prefix = f"model.layers.{layer}"
        weights |= adaptive(tensors, layer, 0, config)
        for part in ("self_attn.q_proj", "self_attn.o_proj"):
            weights[f"{prefix}.{part}.weight"] = matrix(tensors, f"{prefix}.{part}.weight", width)
        gate_up = matrix(tensors, f"layer.{layer}.gate_up", width)
        for part, rows in zip(("gate", "up"), gate_up.chunk(2)):
            weights[f"{prefix}.mlp.{part}_proj.weight"] = rows.clone()
        weights[f"{prefix}.mlp.down_proj.weight"] = matrix(tensors, f"{prefix}.mlp.down_proj.weight", inner)
    return with_visual_half(weights)


def trained(model: Path, config: dict) -> dict[str, Tensor]:
    """What training changed: vision encoder, abstractor and the visual half of the decoder, named as a learner does.

    `config` is the `model` part of the training configuration. Raises FileNotFoundError without the graphs.
    """
    heads = config["visual_config"]["visual_model"]["num_attention_heads"]
    weights = {}
    for module in MODULES[:2]:
        weights |= eyes(stored_tensors(model / f"{module}.onnx"), heads)
    tensors = stored_tensors(model / f"{MODULES[2]}.onnx")
    for layer in range(config["num_hidden_layers"]):
        weights |= adaptive(tensors, layer, 1, config)
    return {f"owl.{name}": weight for name, weight in weights.items()}


def whole(model: Path, config: dict) -> Owl:
    """The model as it is installed, rounding included. `config` is the training configuration."""
    learner = Learner(config, full_decoder=True, base=language(model, config["model"]))
    learner.restore(trained(model, config["model"]))
    return learner.owl


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=here.parent / "owl-mini", help="folder of an installed model")
    parser.add_argument("--config", type=Path, default=here / "configs/owl-mini.json")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", type=Path, help="compact weights to write")
    target.add_argument("--checkpoint", type=Path, help="folder of a checkpoint to write")
    options = parser.parse_args()
    config = json.loads(options.config.read_text())
    if options.checkpoint:
        checkpoint.write(whole(options.model, config), tokenizer(options.model), options.checkpoint)
        print(f"Wrote {options.checkpoint}.")
        return
    weights = trained(options.model, config["model"])
    write_compact({"weights": weights, "stage": "recovered", "full": True, "pictures": 0}, options.out)
    print(f"Wrote {options.out}: {sum(weight.numel() for weight in weights.values()) / 1e6:.1f} M weights.")


if __name__ == "__main__":
    main()
