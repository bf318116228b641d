import pytest
import torch
from test_shards import write_shard
from test_stages import write_text_shard

from ablate import REGIMES, VARIANTS, end_of, stage_of, start_of, table
from compact import write_compact
from learner import ABSTRACTOR, VISION
from train import Run, trained_factor

CONFIG = {"model": {"visual_config": {"visual_abstractor": {"num_learnable_queries": 4},
                                      "visual_model": {"num_hidden_layers": 6}}}}
QUERY, TEXT_KEY, VISUAL_KEY = (f"owl.model.layers.0.self_attn.{name}.weight"
                               for name in ("q_proj", "k_proj.multiway.0", "k_proj.multiway.1"))
LAYER, FIRST_LAYER = (VISION + f"encoder.layers.{layer}.mlp.fc1.weight" for layer in (5, 0))
QUERIES = ABSTRACTOR + "query_embeds"


@pytest.fixture
def data(tmp_path):
    write_shard(tmp_path / "a", 9)
    return tmp_path


@pytest.fixture
def factors(data):
    def factors_of(variant):
        stage = stage_of(variant.stage, data, "train", 1, CONFIG, variant.changes)
        return lambda name: trained_factor(stage, name)

    return {name: factors_of(variant) for name, variant in VARIANTS.items()}


def test_a_variant_freezes_what_it_leaves_out(factors):
    assert all(factors["all"](name) for name in (VISUAL_KEY, LAYER, QUERIES))
    assert factors["one-set"](VISUAL_KEY) is None and factors["one-set"](LAYER)
    assert factors["frozen-encoder"](LAYER) is None and factors["frozen-encoder"](QUERIES)
    assert factors["frozen-eyes"](LAYER) is None and factors["frozen-eyes"](QUERIES) is None
    assert factors["frozen-eyes"](VISUAL_KEY)
    assert all(factors["stage-2"](name) for name in (QUERY, TEXT_KEY, VISUAL_KEY))
    assert not any(factors["frozen-language"](name) for name in (QUERY, TEXT_KEY))
    assert factors["frozen-language"](VISUAL_KEY)


def test_layers_of_the_encoder_have_one_rate_where_the_variant_says_so(factors):
    assert factors["stage-2"](FIRST_LAYER) < factors["stage-2"](LAYER)
    assert factors["one-rate"](FIRST_LAYER) == factors["one-rate"](LAYER)


def test_samples_without_pictures_are_asked_alone_left_out_or_mixed_in(data):
    write_text_shard(data / "text")

    def pictures(stage, changes):
        stage = stage_of(stage, data, "train", 1, CONFIG, changes)
        return [len(stage.shards.pictures_of(index)) for index in stage.taught]

    assert set(pictures("pretraining", REGIMES["text"])) == {0}
    assert 0 not in pictures("pretraining", REGIMES["none"])
    assert 0 not in pictures("instruction", VARIANTS["no-text"].changes)
    assert 0 in pictures("instruction", {"text_share": 0.5})


def test_a_run_that_others_go_on_from_has_to_have_ended(tmp_path):
    run = Run(tmp_path / "run", CONFIG, tmp_path, 0, "cpu")
    with pytest.raises(SystemExit, match="has not ended"):
        end_of(run)
    run.save({"done": ["pretraining"]})
    assert end_of(run) == {"done": ["pretraining"]}


def test_all_variants_start_from_copies_of_the_text_half(tmp_path):
    text, visual = (f"owl.model.layers.0.self_attn.k_proj.multiway.{half}.weight" for half in (0, 1))
    weights = {text: torch.zeros(2, 2), visual: torch.ones(2, 2), VISION + "x": torch.ones(3)}
    path = tmp_path / "compact.safetensors"
    write_compact({"weights": weights, "stage": "pretraining", "full": True, "pictures": 4}, path)
    start = start_of(path)["weights"]
    assert set(start) == set(weights)
    assert start[visual].eq(0).all()


def test_the_table_says_what_was_not_run():
    run = {"answer_loss_none": 2.0, "exact_none": 0.25, "answer_loss_aid": 1.0, "exact_aid": 0.5,
           "answer_loss_text": 3.0, "exact_text": 0.0}
    other = {"answer_loss_none": 1.0, "exact_none": 0.75, "answer_loss_aid": 2.0, "exact_aid": 0.0,
             "answer_loss_text": 1.0, "exact_text": 0.5}
    lines = table({"all": [run, other]}).splitlines()
    assert lines[2] == f"| {VARIANTS['all'].title} | 2 | 1.50 | 50.0% | 1.50 | 25.0% | 2.00 |"
    assert len(lines) == 2 + len(VARIANTS)
    assert all("not run" in line for line in lines[3:])
    assert len({line.count("|") for line in lines}) == 1
