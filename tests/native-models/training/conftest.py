import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "native-models/training"))
torch.set_num_threads(2)

TINY = {
    "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 6,
    "num_key_value_heads": 2, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "vocab_size": 49152,
    "tie_word_embeddings": True, "max_position_embeddings": 512,
    "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2,
    "visual_config": {
        "visual_model": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
                         "image_size": 56, "patch_size": 14, "layer_norm_eps": 1e-6},
        "visual_abstractor": {"hidden_size": 32, "encoder_hidden_size": 32, "num_hidden_layers": 1,
                              "num_attention_heads": 4, "intermediate_size": 48, "num_learnable_queries": 4,
                              "grid_size": 4, "layer_norm_eps": 1e-6},
    },
}


@pytest.fixture
def tiny():
    """A small random model with SmolLM2's vocabulary; weights large enough for every part to matter."""
    from owl import Owl, initialise

    owl = Owl(TINY)
    initialise(owl, 3)
    with torch.no_grad():
        for name, weight in owl.named_parameters():
            if ".multiway.1." in name:
                weight.add_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(len(name))) * 0.2)
            elif weight.dim() == 2 and "embed" not in name:
                weight.mul_(6)
    return owl.eval()
