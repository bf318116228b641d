"""Which numbers to compute with."""

import torch


def computes_in_half(device: str) -> bool:
    """Whether products in bfloat16 are faster than in float32: on GPUs, and on CPUs with instructions for them.

    AMX tiles give some ten times float32's speed, AVX-512 BF16 twice.
    """
    return device == "cuda" or torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
