"""The modality-adaptive decoder of mPLUG-Owl2 (paper section 3.3): LLaMA with two of every norm, K and V.

`multiway.0` serves text rows, `multiway.1` visual rows; queries, outputs and the MLP are shared. Parameter names are
those of the official checkpoint below `model`. Grouped-query attention is the natural extension of the published code.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attention import attend

Cache = list[tuple[Tensor, Tensor]]


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), self.weight.shape, self.weight.float(), self.eps).to(x.dtype)


class MultiwayNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.multiway = nn.ModuleList(RMSNorm(width, eps) for _ in range(2))
        self.eps = eps

    def forward(self, x: Tensor, visual: Tensor | None) -> Tensor:
        if visual is None:
            return self.multiway[0](x)
        scale = torch.where(visual, self.multiway[1].weight, self.multiway[0].weight)
        return F.rms_norm(x.float(), x.shape[-1:], None, self.eps).mul(scale).to(x.dtype)


class MultiwayLinear(nn.Module):
    def __init__(self, width: int, out: int):
        super().__init__()
        self.multiway = nn.ModuleList(nn.Linear(width, out, bias=False) for _ in range(2))

    def forward(self, x: Tensor, visual: Tensor | None) -> Tensor:
        text = self.multiway[0](x)
        # K and V are narrow: computing both and choosing costs less than gathering rows.
        return text if visual is None else torch.where(visual, self.multiway[1](x), text)


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary position embedding in the rotate-half form on [B, heads, rows, head width]."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)


class Attention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width = config["hidden_size"]
        self.heads, self.key_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self.head_width = width // self.heads
        self.q_proj = nn.Linear(width, width, bias=False)
        self.k_proj = MultiwayLinear(width, self.key_heads * self.head_width)
        self.v_proj = MultiwayLinear(width, self.key_heads * self.head_width)
        self.o_proj = nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor, visual: Tensor | None, angles: tuple[Tensor, Tensor], mask: Tensor | None,
                past: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        def split(t: Tensor, heads: int) -> Tensor:
            return t.unflatten(2, (heads, self.head_width)).transpose(1, 2)

        query = rotate(split(self.q_proj(x), self.heads), *angles)
        key = rotate(split(self.k_proj(x, visual), self.key_heads), *angles)
        value = split(self.v_proj(x, visual), self.key_heads)
        if past is not None:
            key, value = torch.cat([past[0], key], 2), torch.cat([past[1], value], 2)
        mixed = attend(query, key.to(query.dtype), value.to(query.dtype), mask)
        return self.o_proj(mixed.transpose(1, 2).flatten(2)), (key, value)


class MLP(nn.Module):
    def __init__(self, width: int, inner: int):
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width, eps = config["hidden_size"], config["rms_norm_eps"]
        self.input_layernorm = MultiwayNorm(width, eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = MultiwayNorm(width, eps)
        self.mlp = MLP(width, config["intermediate_size"])

    def forward(self, x, visual, angles, mask, past):
        mixed, present = self.self_attn(self.input_layernorm(x, visual), visual, angles, mask, past)
        x = x + mixed
        return x + self.mlp(self.post_attention_layernorm(x, visual)), present


class ModalityAdaptiveDecoder(nn.Module):
    """Merged rows to hidden states. `config` is `config.json`; the embedding table belongs to it."""

    def __init__(self, config: dict):
        super().__init__()
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RMSNorm(config["hidden_size"], config["rms_norm_eps"])
        self.head_width = config["hidden_size"] // config["num_attention_heads"]
        self.theta = config.get("rope_theta", 10000.0)

    def angles(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Cosines and sines [B, 1, rows, head width / 2] of `positions` [B, rows]."""
        steps = torch.arange(0, self.head_width, 2, device=positions.device, dtype=torch.float32)
        angle = positions[:, None, :, None].float() * self.theta ** -(steps / self.head_width)
        return angle.cos().to(dtype), angle.sin().to(dtype)

    def decode(self, rows: Tensor, visual: Tensor | None, positions: Tensor, mask: Tensor | None = None,
               cache: Cache | None = None) -> tuple[Tensor, Cache]:
        """Run the layers over embedded rows.

        `rows` [B, T, width]; `visual` [B, T] bool, or None where every row is text; `positions` [B, T];
        `mask` [B, 1, T, past + T] bool, True where a row may look, or None for plain causal attention without a past;
        `cache` the earlier rows' keys (after rotation) and values per layer. Returns states [B, T, width] before the
        final norm and the grown cache.
        """
        if mask is None and cache is not None and rows.shape[1] > 1:
            raise ValueError("Several rows after a cache need an explicit mask: pass `mask` [B, 1, rows, past + rows].")
        if mask is None and cache is None:
            mask = torch.ones(1, 1, rows.shape[1], rows.shape[1], dtype=torch.bool, device=rows.device).tril()
        chosen = None if visual is None else visual[..., None]
        angles = self.angles(positions, rows.dtype)
        grown = []
        for index, layer in enumerate(self.layers):
            rows, present = layer(rows, chosen, angles, mask, None if cache is None else cache[index])
            grown.append(present)
        return rows, grown
