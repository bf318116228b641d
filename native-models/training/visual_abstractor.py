"""The visual abstractor of mPLUG-Owl2 (paper section 3.2): learnable queries that summarise a picture.

Parameter and buffer names are those of the official checkpoint below `model.visual_abstractor`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attention import attend


def sine_positions(width: int, positions: Tensor) -> Tensor:
    """1-D sine-cosine embedding [len(positions), width]: sines in the first half, cosines in the second."""
    rate = 10000.0 ** -(torch.arange(width // 2, dtype=torch.float64) / (width / 2))
    angle = positions.double().flatten()[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], 1).float()


def grid_positions(width: int, grid: int) -> Tensor:
    """2-D sine-cosine embedding [1 + grid^2, width] with a zero row for the class token; columns first."""
    rows, columns = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    plane = torch.cat([sine_positions(width // 2, columns), sine_positions(width // 2, rows)], 1)
    return torch.cat([torch.zeros(1, width), plane])


class Attention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width, context = config["hidden_size"], config["encoder_hidden_size"]
        self.heads = config["num_attention_heads"]
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(context, width)
        self.value = nn.Linear(context, width)
        queries = torch.arange(config["num_learnable_queries"])
        self.register_buffer("q_pos_embed", sine_positions(width, queries))
        self.register_buffer("k_pos_embed", grid_positions(width, config["grid_size"]))

    def forward(self, queries: Tensor, context: Tensor) -> Tensor:
        places = torch.cat([self.q_pos_embed, self.k_pos_embed]).to(context.dtype)
        query = self.query(queries + self.q_pos_embed.to(queries.dtype))
        key, value = self.key(context + places), self.value(context)
        split = (t.unflatten(2, (self.heads, -1)).transpose(1, 2) for t in (query, key, value))
        return attend(*split).transpose(1, 2).flatten(2)


class MLP(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.w1 = nn.Linear(width, inner)
        self.w2 = nn.Linear(inner, width)
        self.w3 = nn.Linear(width, inner)
        self.ffn_ln = nn.LayerNorm(inner, eps=config["layer_norm_eps"])

    def forward(self, x: Tensor) -> Tensor:
        return self.w2(self.ffn_ln(F.silu(self.w1(x)) * self.w3(x)))


class Output(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width = config["hidden_size"]
        self.out_proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = MLP(config)

    def forward(self, mixed: Tensor, queries: Tensor) -> Tensor:
        x = queries + self.out_proj(mixed)
        return x + self.mlp(self.norm2(x))


class CrossAttention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.norm1 = nn.LayerNorm(config["hidden_size"])
        self.normk = nn.LayerNorm(config["encoder_hidden_size"])
        self.attention = Attention(config)
        self.output = Output(config)

    def forward(self, queries: Tensor, patches: Tensor) -> Tensor:
        queries = self.norm1(queries)  # the residual starts from the normed queries, as published
        context = torch.cat([queries, self.normk(patches)], 1)
        return self.output(self.attention(queries, context), queries)


class Layer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.crossattention = CrossAttention(config)

    def forward(self, queries: Tensor, patches: Tensor) -> Tensor:
        return self.crossattention(queries, patches)


class Encoder(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))

    def forward(self, queries: Tensor, patches: Tensor) -> Tensor:
        for layer in self.layers:
            queries = layer(queries, patches)
        return queries


class VisualAbstractor(nn.Module):
    """Patch rows to the rows the decoder sees. `config` is `visual_config.visual_abstractor`."""

    def __init__(self, config: dict, decoder_width: int):
        super().__init__()
        self.query_embeds = nn.Parameter(torch.zeros(1, config["num_learnable_queries"], config["hidden_size"]))
        self.encoder = Encoder(config)
        self.visual_fc = nn.Linear(config["hidden_size"], decoder_width)
        self.vit_eos = nn.Parameter(torch.zeros(1, 1, decoder_width))

    def forward(self, patches: Tensor) -> Tensor:
        """`patches` [B, 1 + grid^2, width] to [B, queries + 1, decoder width]; the last row is `vit_eos`."""
        queries = self.query_embeds.expand(len(patches), -1, -1)
        rows = self.visual_fc(self.encoder(queries, patches))
        return torch.cat([rows, self.vit_eos.expand(len(rows), -1, -1).to(rows.dtype)], 1)
