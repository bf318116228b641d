import pytest
import torch
from test_shards import write_shard

from ablate import VARIANTS, AblatedPretraining, start_of, table
from compact import write_compact
from learner import ABSTRACTOR, VISION
from shards import Shards


@pytest.fixture
def factors(tmp_path):
    write_shard(tmp_path / "a", 9)
    shards = Shards(tmp_path, "train")
    return {name: AblatedPretraining(shards, 1, 5, 6, variant=variant).factor for name, variant in VARIANTS.items()}


def test_a_variant_freezes_what_it_leaves_out(factors):
    visual_key = "owl.model.layers.0.self_attn.k_proj.multiway.1.weight"
    layer, queries = VISION + "encoder.layers.0.mlp.fc1.weight", ABSTRACTOR + "query_embeds"
    assert all(factors["all"](name) for name in (visual_key, layer, queries))
    assert factors["one-set"](visual_key) is None and factors["one-set"](layer)
    assert factors["frozen-encoder"](layer) is None and factors["frozen-encoder"](queries)
    assert factors["frozen-eyes"](layer) is None and factors["frozen-eyes"](queries) is None
    assert factors["frozen-eyes"](visual_key)


def test_all_variants_start_from_copies_of_the_text_half(tmp_path):
    text, visual = (f"owl.model.layers.0.self_attn.k_proj.multiway.{half}.weight" for half in (0, 1))
    weights = {text: torch.zeros(2, 2), visual: torch.ones(2, 2), VISION + "x": torch.ones(3)}
    path = tmp_path / "compact.safetensors"
    write_compact({"weights": weights, "stage": "pretraining", "full": True, "pictures": 4}, path)
    start = start_of(path)["weights"]
    assert set(start) == set(weights)
    assert start[visual].eq(0).all()


def test_the_table_says_what_was_not_run():
    run = {"answer_loss_none": 2.0, "exact_none": 0.25, "answer_loss_aid": 1.0, "exact_aid": 0.5}
    other = {"answer_loss_none": 1.0, "exact_none": 0.75, "answer_loss_aid": 2.0, "exact_aid": 0.0}
    lines = table({"all": [run, other]}).splitlines()
    assert lines[2] == f"| {VARIANTS['all'].title} | 2 | 1.50 | 50.0% | 1.50 | 25.0% |"
    assert len(lines) == 2 + len(VARIANTS)
    assert all("not run" in line for line in lines[3:])
