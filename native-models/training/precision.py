"""Which numbers to compute with."""

import torch


def computes_in_half(device: str) -> bool:
    """Whether products in bfloat16 are faster than in float32: on GPUs, and on CPUs with tiles for them (AMX)."""
    return device == "cuda" or torch.cpu._is_amx_tile_supported()
