"""Training end to end on a small model: it learns, stops, and resumes to the same weights."""

import json

import pytest
import torch
from test_shards import write_shard

import train
from evaluate import best_constant, is_right, table
from compact import read_compact, write_compact
from export import learner_of
from schedule import Budget
from shards import Shards
from stages import STAGES


@pytest.fixture(scope="module")
def config():
    from conftest import ROOT

    whole = json.loads((ROOT / "native-models/training/configs/owl-mini.json").read_text())
    visual = whole["model"]["visual_config"]
    visual["visual_model"] |= {"hidden_size": 32, "num_hidden_layers": 2, "intermediate_size": 64, "image_size": 56}
    visual["visual_abstractor"] |= {"hidden_size": 32, "encoder_hidden_size": 32, "num_hidden_layers": 1,
                                    "intermediate_size": 48, "num_learnable_queries": 4, "grid_size": 4}
    return whole


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_shard(folder / "a", 12)
    return folder


def stage(name, data):
    return STAGES[name](Shards(data, "train"), seed=1, rows=5, vision_layers=2, batch=4)


def run_of(folder, config, data):
    return train.Run(folder, config, data, 1, "cpu")


def test_stages_follow_each_other_and_learn(tmp_path, config, data):
    run = run_of(tmp_path, config, data)
    for name, budget in (("sight", "240p"), ("place", "40p"), ("questions", "80p")):
        assert run.train(stage(name, data), Budget.parse(budget))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    sight = [line["loss"] for line in lines if line["stage"] == "sight" and "loss" in line]
    assert sight[-1] < 0.8 * sight[0]
    answers = [line["answer_loss"] for line in lines if "answer_loss" in line]
    assert answers[-1] < answers[0]
    assert run.load()["done"] == ["sight", "place", "questions"]
    assert run.train(stage("sight", data), Budget.parse("240p"))  # done already: nothing happens
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == len(lines)


def test_unseen_pictures_are_measured_at_intervals_and_at_the_end(tmp_path, config, data, monkeypatch):
    monkeypatch.setattr(train, "VALIDATE_EVERY", 0.0)
    held_out = stage("questions", data)
    assert run_of(tmp_path / "measured", config, data).train(stage("questions", data), Budget.parse("12p"), held_out)
    lines = [json.loads(line) for line in (tmp_path / "measured/log.jsonl").read_text().splitlines()]
    measured = [line for line in lines if line.get("event") == "validation"]
    assert [line["step"] for line in measured] == [1, 2, 3, 3]
    assert all(line["validation_answer_loss"] > 0 for line in measured)
    assert measured[2] == measured[3]  # the same weights on the same pictures
    # To measure changes nothing in what is learned.
    assert run_of(tmp_path / "plain", config, data).train(stage("questions", data), Budget.parse("12p"))
    plain, other = (run_of(tmp_path / name, config, data).load() for name in ("plain", "measured"))
    for name, weight in plain["weights"].items():
        torch.testing.assert_close(weight, other["weights"][name], msg=name)


def test_a_stopped_run_resumes_to_the_same_weights(tmp_path, config, data):
    whole, broken = run_of(tmp_path / "whole", config, data), run_of(tmp_path / "broken", config, data)
    assert whole.train(stage("questions", data), Budget.parse("24p"))
    interrupted = stage("questions", data)
    loss, calls = interrupted.loss, []

    def stop_in_the_third_step(learner, batch):
        calls.append(batch)
        if len(calls) == 3:
            broken.stop()
        return loss(learner, batch)

    interrupted.loss = stop_in_the_third_step
    assert not broken.train(interrupted, Budget.parse("24p"))
    broken.stopping = False
    assert broken.load()["step"] == 3
    assert broken.train(stage("questions", data), Budget.parse("24p"))
    for name, weight in whole.load()["weights"].items():
        torch.testing.assert_close(weight, broken.load()["weights"][name], msg=name)


def test_compact_weights_carry_the_run_on(tmp_path, config, data):
    run = run_of(tmp_path, config, data)
    assert run.train(stage("place", data), Budget.parse("8p"))
    state = run.load()
    write_compact(state, tmp_path / "compact.safetensors")
    back = read_compact(tmp_path / "compact.safetensors")
    assert (back["full"], back["done"]) == (False, [])
    learner = learner_of(back, config, full_decoder=False)
    for name, weight in state["weights"].items():
        torch.testing.assert_close(learner.get_parameter(name).data, weight, atol=1e-2, rtol=1e-2)


def test_weights_of_another_configuration_are_refused(config):
    from learner import Learner

    with pytest.raises(ValueError, match="does not fit this configuration"):
        Learner(config, False).restore({"owl.model.vision_model.embeddings.cls_token": torch.zeros(1, 1, 7)})


def test_larger_pictures_take_over_weights_with_stretched_positions(config):
    from learner import Learner

    larger = json.loads(json.dumps(config))
    larger["model"]["visual_config"]["visual_model"]["image_size"] = 112
    larger["model"]["visual_config"]["visual_abstractor"]["grid_size"] = 8
    small, large = Learner(config, False), Learner(larger, False, seed=5)
    weights = {name: weight.detach() for name, weight in small.named_parameters()}
    head = large.cell_head.linear.weight.clone()
    large.restore(weights)
    assert large.owl.model.vision_model.embeddings.position_embedding.shape == (1, 65, 32)
    assert torch.equal(large.owl.model.layers[1].mlp.up_proj.weight, weights["owl.model.layers.1.mlp.up_proj.weight"])
    assert torch.equal(large.cell_head.linear.weight, head)


def test_scores_by_kind_beside_the_best_constant():
    def ask(kind, answer, form="short", accepted=()):
        return {"kind": kind, "answer": answer, "answers": [answer, *accepted], "form": form, "question": ""}

    dark, light, yes = ask("theme", "dark"), ask("theme", "light"), ask("checked", "yes")
    lines = {line["kind"]: line for line in table([(dark, "Dark."), (dark, "light"), (light, "light"), (yes, "no")])}
    assert lines["theme"]["right"] == pytest.approx(2 / 3)
    assert lines["theme"]["constant"] == "dark"
    assert lines["theme"]["constant_right"] == pytest.approx(2 / 3)
    assert lines["checked"]["right"] == 0
    assert best_constant([dark, light, light])[0] == "light"
    told = {"kind": "title", "answer": 'The title is "Mail".', "answers": ["Mail"], "form": "sentence"}
    assert is_right("It is titled Mail.", told)
    assert not is_right("It is titled Gmail.", told)
    agreed = {"kind": "checked", "answer": "No, Wi-Fi is off.", "answers": ["no"], "form": "sentence"}
    assert not is_right("There is no option.", agreed)
