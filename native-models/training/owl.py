"""mPLUG-Owl2 as a whole: vision encoder, visual abstractor, modality-adaptive decoder, language head.

Key names of the state dict are those of the official checkpoint (`model.*`, `lm_head.weight`).
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from modality_adaptive_decoder import Cache, ModalityAdaptiveDecoder
from vision_encoder import VisionEncoder
from visual_abstractor import VisualAbstractor


class OwlModel(ModalityAdaptiveDecoder):
    """The decoder with the two visual modules beside it, as the official checkpoint nests them."""

    def __init__(self, config: dict):
        super().__init__(config)
        self.vision_model = VisionEncoder(config["visual_config"]["visual_model"])
        self.visual_abstractor = VisualAbstractor(config["visual_config"]["visual_abstractor"], config["hidden_size"])


class Owl(nn.Module):
    """`config` is the content of `config.json`: LLaMA's keys and `visual_config`."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        self.model = OwlModel(config)
        self.lm_head = None
        if not config.get("tie_word_embeddings", False):
            self.lm_head = nn.Linear(config["hidden_size"], config["vocab_size"], bias=False)

    @property
    def rows_per_picture(self) -> int:
        return self.config["visual_config"]["visual_abstractor"]["num_learnable_queries"] + 1

    def see(self, pixels: Tensor) -> Tensor:
        """Pictures [N, 3, S, S], normalised, to their decoder rows [N, queries + 1, width]."""
        return self.model.visual_abstractor(self.model.vision_model(pixels))

    def merge(self, ids: Tensor, visual: Tensor, pictures: Tensor | None) -> Tensor:
        """Embed `ids` [B, T] and put the rows of `pictures` [N, queries + 1, width] where `visual` [B, T] is true.

        Pictures are taken in reading order. Raises if their rows and the visual places differ in number.
        """
        rows = F.embedding(ids.clamp(min=0), self.model.embed_tokens.weight)
        if pictures is None:
            return rows
        if int(visual.sum()) != pictures.shape[0] * pictures.shape[1]:
            raise ValueError(f"{pictures.shape[0]} pictures make {pictures.shape[0] * pictures.shape[1]} rows, but the "
                             f"sequence has room for {int(visual.sum())}: mark {pictures.shape[1]} rows a picture.")
        return rows.masked_scatter(visual[..., None], pictures.to(rows.dtype))

    def logits(self, states: Tensor, vocabulary: Tensor | None = None) -> Tensor:
        """Final norm and language head on states [..., width]; only `vocabulary`'s tokens where it is given."""
        weight = self.model.embed_tokens.weight if self.lm_head is None else self.lm_head.weight
        return F.linear(self.model.norm(states), weight if vocabulary is None else weight[vocabulary])

    def forward(self, ids: Tensor, visual: Tensor, positions: Tensor, pixels: Tensor | None = None,
                mask: Tensor | None = None, cache: Cache | None = None) -> tuple[Tensor, Cache]:
        """Logits [B, T, vocabulary] and cache of a merged sequence; see `merge` and `decode` for the shapes."""
        rows = self.merge(ids, visual, None if pixels is None else self.see(pixels))
        states, cache = self.model.decode(rows, visual if bool(visual.any()) else None, positions, mask, cache)
        return self.logits(states), cache


@torch.no_grad()
def initialise(owl: Owl, seed: int) -> None:
    """Random weights: normal 0.02, zero biases, residual outputs scaled down by depth, and unit queries.

    `visual_fc` is scaled so that picture rows start with the embedding table's standard deviation.
    """
    generator = torch.Generator().manual_seed(seed)
    visual_model = owl.config["visual_config"]["visual_model"]
    for name, weight in owl.named_parameters():
        if weight.dim() >= 2:
            weight.normal_(0, 0.02, generator=generator)
        elif name.endswith("bias"):
            weight.zero_()
        else:
            weight.fill_(1)
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            weight.div_(math.sqrt(2 * owl.config["num_hidden_layers"]))
        if "vision_model" in name and name.endswith(("dense.weight", "fc2.weight")):
            weight.div_(math.sqrt(2 * visual_model["num_hidden_layers"]))
    owl.model.visual_abstractor.query_embeds.normal_(0, 1, generator=generator)
    owl.model.norm.weight.fill_(0.3)  # tied embeddings would else predict each token itself, with great certainty
    match_embedding_scale(owl, seed)


@torch.no_grad()
def match_embedding_scale(owl: Owl, seed: int = 0) -> None:
    """Give `visual_fc`'s output and `vit_eos` the embedding table's standard deviation (measured on noise)."""
    size = owl.config["visual_config"]["visual_model"]["image_size"]
    pixels = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(seed))
    wanted = owl.model.embed_tokens.weight.float().std()
    abstractor = owl.model.visual_abstractor
    scale = wanted / owl.see(pixels.to(abstractor.vit_eos.device))[:, :-1].float().std()
    abstractor.visual_fc.weight.mul_(scale)
    abstractor.visual_fc.bias.mul_(scale)
    abstractor.vit_eos.normal_(0, float(wanted))
