import json

import pytest
import torch
from test_shards import write_shard

from learner import VISION
from shards import Shards
from stages import STAGES


def write_text_shard(folder):
    """A shard of samples without pictures."""
    folder.mkdir()
    (folder / "pictures.rgb").touch()
    (folder / "labels.u8").touch()
    sample = {"kind": "text", "pictures": [], "text": [], "questions": [
        {"kind": "text", "question": "Say yes.", "answer": "Yes.", "answers": ["Yes."], "form": "short"}]}
    (folder / "samples.jsonl").write_text(3 * (json.dumps(sample) + "\n"))
    (folder / "meta.json").write_text(json.dumps(
        {"size": 56, "patch": 14, "pictures": 0, "samples": 3, "split": "train"}))


@pytest.fixture
def shards(tmp_path):
    write_shard(tmp_path / "a", 9)
    write_text_shard(tmp_path / "text")
    return Shards(tmp_path, "train")


def stage(name, shards, **options):
    return STAGES[name](shards, seed=1, rows=5, vision_layers=6, **options)


def test_instruction_tuning_slows_the_vision_encoder_layer_by_layer(shards):
    factor = stage("instruction", shards).factor
    last, first = factor(VISION + "encoder.layers.5.mlp.fc1.weight"), factor(VISION + "encoder.layers.0.mlp.fc1.weight")
    assert first / last == pytest.approx(0.9**5)
    assert factor(VISION + "embeddings.cls_token") / first == pytest.approx(0.9)
    assert factor(VISION + "post_layernorm.weight") * 0.9 == pytest.approx(last)


def test_pretraining_leaves_the_language_part_alone(shards):
    factor = stage("pretraining", shards).factor
    for frozen in ("self_attn.q_proj.weight", "self_attn.k_proj.multiway.0.weight", "mlp.down_proj.weight"):
        assert factor("owl.model.layers.3." + frozen) is None
    assert factor("owl.model.embed_tokens.weight") is None
    assert factor("owl.model.layers.3.self_attn.k_proj.multiway.1.weight") > 0
    assert factor("owl.model.visual_abstractor.vit_eos") > 0


def test_instruction_tuning_teaches_the_language_part_to_attend(shards):
    factor = stage("instruction", shards).factor
    for trained in ("self_attn.q_proj.weight", "self_attn.v_proj.multiway.0.weight", "input_layernorm.multiway.0.weight"):
        assert factor("owl.model.layers.3." + trained) > 0
    for frozen in ("owl.model.layers.3.mlp.up_proj.weight", "owl.model.embed_tokens.weight", "owl.model.norm.weight"):
        assert factor(frozen) is None


def test_batches_depend_on_seed_and_step_alone(shards):
    first, second = stage("questions", shards, batch=2), stage("questions", shards, batch=2)
    first.prepare(0)
    late, again = first.prepare(20), second.prepare(20)
    for name in late:
        assert torch.equal(late[name], again[name]), name


def test_a_batch_has_room_for_its_pictures(shards):
    batch = stage("questions", shards, batch=3).prepare(4)
    assert batch["pictures"].shape == (3, 56, 56, 3)
    assert int(batch["visual"].sum()) == 3 * 5
    assert (batch["targets"] >= 0).any(1).all()


def test_text_alone_is_learned_in_instruction_tuning_only(shards):
    assert len(stage("questions", shards).taught) == 9
    # 6 of 15, from 3 samples
    instruction = stage("instruction", shards, batch=15, wordless=1.0, text_share=0.4)
    assert sorted(instruction.taught.tolist()) == sorted([*range(9), *2 * (9, 10, 11)])
    batches = [instruction.prepare(step) for step in range(instruction.pool)]  # whole epochs, sorted by length
    assert sum(len(batch["pictures"]) for batch in batches) == 9 * instruction.pool
    for batch in batches:
        assert int(batch["visual"].any(1).sum()) == len(batch["pictures"])
    assert any(len(batch["pictures"]) == 0 for batch in batches)


def test_shards_without_what_a_stage_asks_are_refused(tmp_path):
    write_shard(tmp_path / "a", 9)
    with pytest.raises(ValueError, match="distil.py"):
        stage("pretraining", Shards(tmp_path, "train"), text_share=1.0)


def test_text_alone_may_be_all_that_is_asked(shards):
    assert stage("pretraining", shards, text_share=1.0).taught.tolist() == [9, 10, 11]
