"""Checkpoints in the official layout: read any of them, write Owl Mini's."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from owl import Owl
from prompts import BEGIN, CHAT_TEMPLATE, END
from stages import IMAGE_MEAN, IMAGE_STD


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of a checkpoint folder, from safetensors or from PyTorch files, in one or several shards.

    Raises FileNotFoundError if there are none, ValueError if the model is not mPLUG-Owl2.
    """
    files = sorted(folder.glob("*.safetensors"))
    load = load_file
    if not files:
        files = sorted(folder.glob("pytorch_model*.bin"))
        load = lambda path: torch.load(path, map_location="cpu", weights_only=True)  # noqa: E731
    if not files:
        raise FileNotFoundError(f"{folder} holds neither *.safetensors nor pytorch_model*.bin: is it a checkpoint?")
    weights = {}
    for file in files:
        weights.update(load(file))
    if not any(".multiway." in name for name in weights):
        raise ValueError(f"{folder} has no multiway weights: it is a plain LLaVA-style model, not mPLUG-Owl2.")
    return {name: weight for name, weight in weights.items() if not name.endswith("rotary_emb.inv_freq")}


def read(folder: str | Path) -> Owl:
    """The model of a checkpoint folder in float32, for evaluation."""
    folder = Path(folder)
    owl = Owl(json.loads((folder / "config.json").read_text()))
    weights = {name: weight.float() for name, weight in read_weights(folder).items()}
    missing, unexpected = owl.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("pos_embed")]  # computed where absent
    if missing or unexpected:
        raise ValueError(f"{folder} does not fit its config.json: missing {missing[:3]}, unexpected {unexpected[:3]}.")
    return owl.eval()


def preprocessor_config(image_size: int) -> dict:
    """Content of `preprocessor_config.json`: square resize, bicubic, CLIP's normalisation."""
    side = {"height": image_size, "width": image_size}
    return {"image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True, "do_resize": True, "resample": 3,
            "size": {"shortest_edge": image_size}, "do_center_crop": True, "crop_size": side,
            "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
            "image_mean": list(IMAGE_MEAN), "image_std": list(IMAGE_STD)}


def write(owl: Owl, tokenizer: Tokenizer, folder: str | Path, dtype: torch.dtype = torch.float16) -> None:
    """Write `owl` in the official layout: configuration, weights, tokenizer, chat template, preprocessing."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    config = {**owl.config, "torch_dtype": str(dtype).removeprefix("torch.")}
    weights = {name: weight.detach().to("cpu", dtype).contiguous().clone() for name, weight in owl.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": BEGIN.split("user")[0], "eos_token": END, "unk_token": "<|endoftext|>", "pad_token": END}
    contents = {
        "config.json": config,
        "generation_config.json": {"bos_token_id": config["bos_token_id"], "eos_token_id": config["eos_token_id"],
                                   "pad_token_id": config["pad_token_id"]},
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", **special,
                                  "clean_up_tokenization_spaces": False,
                                  "model_max_length": config["max_position_embeddings"],
                                  "chat_template": CHAT_TEMPLATE},
        "special_tokens_map.json": special,
        "preprocessor_config.json": preprocessor_config(config["visual_config"]["visual_model"]["image_size"]),
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
