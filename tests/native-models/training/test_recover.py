"""Weights read back from the embedded model: all that training changed, and a language part next to the original."""

import json

import pytest
import torch
from conftest import ROOT

from compact import read_compact, write_compact
from language_base import language_weights
from learner import ABSTRACTOR, VISION, Learner
from recover import interleaved, language, trained, whole

MODEL = ROOT / "native-models/owl-mini"


@pytest.fixture(scope="module")
def config():
    return json.loads((ROOT / "native-models/training/configs/owl-mini.json").read_text())


@pytest.fixture(scope="module")
def weights(config):
    return trained(MODEL, config["model"])


def test_everything_that_training_changes_is_there_and_fits(tmp_path, config, weights):
    learner = Learner(config, full_decoder=True)
    changed = {name for name, _ in learner.named_parameters()
               if name.startswith((VISION, ABSTRACTOR)) or ".multiway.1." in name}
    assert set(weights) == changed
    file = tmp_path / "compact.safetensors"
    write_compact({"weights": weights, "stage": "recovered", "full": True, "pictures": 0}, file)
    learner.restore(read_compact(file)["weights"])
    # Layer norms of a trained encoder stay near 1, which they would not if bytes were read at the wrong place.
    norms = torch.cat([weight for name, weight in weights.items() if name.endswith("layernorm.weight")])
    assert 0.3 < norms.mean() < 3


def test_what_training_leaves_alone_is_the_rounded_original(config):
    rounded, original = language(MODEL, config["model"]), language_weights(config["model"])
    assert set(rounded) == set(original)
    for name in (name for name in rounded if ".mlp." in name or name == "model.embed_tokens.weight"):
        weight = rounded[name]
        error = (weight - original[name]).norm() / original[name].norm()
        assert error < 0.1, name  # 4 bits; a permuted or shifted matrix has 1.4


def test_the_whole_model_has_its_own_attention_not_the_original(config, weights):
    owl = dict(whole(MODEL, config).named_parameters())
    rounded = language(MODEL, config["model"])
    assert all(torch.equal(owl[name], weight) for name, weight in rounded.items() if ".multiway.1." not in name)
    assert all(torch.equal(owl[name.removeprefix("owl.")], weight) for name, weight in weights.items())
    queries = "model.layers.0.self_attn.q_proj.weight"
    assert not torch.allclose(owl[queries], language_weights(config["model"])[queries], atol=0.01)


def test_query_key_value_rows_go_back_to_heads():
    stored = torch.tensor([f for part in "qkv" for f in [ord(part) * 10 + head for head in range(2)] for _ in "ab"])
    heads = interleaved(stored, 2).tolist()
    assert heads == [ord(part) * 10 + head for head in range(2) for part in "qkv" for _ in "ab"]
