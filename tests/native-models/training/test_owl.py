"""The model against the outputs of the published PyTorch code on small random checkpoints."""

import json

import pytest
import torch
from conftest import ROOT
from safetensors.torch import load_file

import checkpoint

REFERENCE = ROOT / "tests/fixtures/reference"
NAMES = ["tiny-32k", "tiny-512", "tiny-gqa"]


@pytest.fixture(scope="module", params=NAMES)
def reference(request):
    expected = REFERENCE / "expected" / request.param
    return checkpoint.read(REFERENCE / request.param), expected, json.loads((expected / "index.json").read_text())


def largest_difference(found: torch.Tensor, wanted: torch.Tensor) -> float:
    assert found.shape == wanted.shape
    return (found - wanted).abs().max().item()


@torch.inference_mode()
def test_vision_and_abstractor_match_the_published_code(reference):
    owl, expected, index = reference
    for image in index["images"].values():
        stored = load_file(expected / image["file"])
        patches = owl.model.vision_model(stored["pixel_values"][None])
        assert largest_difference(patches[0], stored["vision.output"]) < 1e-4
        assert largest_difference(owl.model.visual_abstractor(patches)[0], stored["abstractor.output"]) < 1e-4


@torch.inference_mode()
def test_logits_match_from_pixels_to_the_last_row(reference):
    owl, expected, index = reference
    for case in index["cases"]:
        stored = load_file(expected / case["file"])
        pixels = [load_file(expected / index["images"][name]["file"])["pixel_values"] for name in case["images"]]
        merged: list[int] = []
        for token in case["input_ids"]:
            merged += [token] * (owl.rows_per_picture if token < 0 else 1)
        ids = torch.tensor([merged])
        visual = torch.tensor([case["modality"]]).bool()
        assert torch.equal(ids < 0, visual)
        logits, _ = owl(ids, visual, torch.arange(len(merged))[None], torch.stack(pixels) if pixels else None)
        assert largest_difference(logits[0, -1], stored["logits.last"]) < 1e-3


@torch.inference_mode()
def test_greedy_tokens_match_with_the_cache(reference):
    owl, expected, index = reference
    for case in index["cases"]:
        stored = load_file(expected / case["file"])
        rows, visual = stored["inputs_embeds"][None], torch.tensor([case["modality"]]).bool()
        position = torch.arange(rows.shape[1])[None]
        cache, written = None, []
        for _ in case["greedy"]:
            states, cache = owl.model.decode(rows, visual, position, cache=cache)
            token = owl.logits(states[:, -1:]).argmax(-1)
            written.append(int(token))
            rows, visual, position = owl.merge(token, token < 0, None), None, position[:, -1:] + 1
        assert written == case["greedy"], case["name"]


def test_pictures_that_do_not_fit_their_places_are_refused(tiny):
    ids = torch.full((1, 5), -200)
    with pytest.raises(ValueError, match="mark 5 rows a picture"):
        tiny.merge(ids, ids < 0, torch.zeros(2, 5, 48))


def test_a_written_checkpoint_reads_back_the_same(tiny, tmp_path):
    from language_base import tokenizer

    checkpoint.write(tiny, tokenizer(), tmp_path, torch.float32)
    back = checkpoint.read(tmp_path)
    for name, weight in tiny.state_dict().items():
        assert torch.equal(weight, back.state_dict()[name]), name
    assert "chat_template" in json.loads((tmp_path / "tokenizer_config.json").read_text())


def test_a_checkpoint_without_multiway_weights_is_refused(tmp_path):
    from safetensors.torch import save_file

    save_file({"model.norm.weight": torch.ones(4)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="not mPLUG-Owl2"):
        checkpoint.read_weights(tmp_path)
