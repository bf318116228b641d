"""The vision encoder of mPLUG-Owl2 (paper section 3.1): a CLIP-style ViT that keeps its class token.

Parameter names are those of the official checkpoint below `model.vision_model`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attention import attend


class Embeddings(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width, patch = config["hidden_size"], config["patch_size"]
        patches = (config["image_size"] // patch) ** 2
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.patch_embed = nn.Conv2d(config.get("num_channels", 3), width, patch, patch, bias=False)
        self.position_embedding = nn.Parameter(torch.zeros(1, 1 + patches, width))
        self.pre_layernorm = nn.LayerNorm(width, eps=config["layer_norm_eps"])

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embed(pixels).flatten(2).transpose(1, 2)
        rows = torch.cat([self.cls_token.expand(len(pixels), -1, -1).to(patches.dtype), patches], 1)
        return self.pre_layernorm(rows + self.position_embedding)


class Attention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.dense = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, rows, width = x.shape
        # The fused projection is interleaved per head: [heads, (q, k, v), head width].
        fused = self.query_key_value(x).view(batch, rows, self.heads, 3, width // self.heads)
        query, key, value = fused.permute(3, 0, 2, 1, 4)
        mixed = attend(query, key, value)
        return self.dense(mixed.transpose(1, 2).reshape(batch, rows, width))


class MLP(nn.Module):
    def __init__(self, width: int, inner: int):
        super().__init__()
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.fc1(x)
        return self.fc2(inner * torch.sigmoid(1.702 * inner))  # QuickGELU


class Layer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.input_layernorm = nn.LayerNorm(width, eps=eps)
        self.self_attn = Attention(width, config["num_attention_heads"])
        self.post_attention_layernorm = nn.LayerNorm(width, eps=eps)
        self.mlp = MLP(width, config["intermediate_size"])

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x))
        return x + self.mlp(self.post_attention_layernorm(x))


class Encoder(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class VisionEncoder(nn.Module):
    """Pictures to patch rows. `config` is `visual_config.visual_model` of `config.json`."""

    def __init__(self, config: dict):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)
        self.post_layernorm = nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])

    def forward(self, pixels: Tensor) -> Tensor:
        """`pixels` [B, 3, S, S], normalised, to rows [B, 1 + (S / patch)^2, width], class row first."""
        return self.post_layernorm(self.encoder(self.embeddings(pixels)))


def interpolate_positions(positions: Tensor, grid: int) -> Tensor:
    """Stretch position embeddings [1, 1 + old^2, width] to a `grid` x `grid` picture, bicubic.

    The paper's way to a larger picture (section 4.1); the class token's row is kept as it is.
    """
    old = round((positions.shape[1] - 1) ** 0.5)
    if old == grid:
        return positions
    plane = positions[:, 1:].float().transpose(1, 2).unflatten(2, (old, old))
    plane = F.interpolate(plane, size=(grid, grid), mode="bicubic", align_corners=False)
    return torch.cat([positions[:, :1], plane.flatten(2).transpose(1, 2).to(positions.dtype)], 1)
