import json

import numpy as np
import pytest

from shards import Shard, Shards, Shuffle


def write_shard(folder, pictures=6, split="train", size=56, fill=0):
    """A shard of random pictures whose first pixel tells which one it is."""
    folder.mkdir(parents=True)
    chance = np.random.default_rng(fill)
    pixels = chance.integers(0, 255, (pictures, size, size, 3), np.uint8)
    pixels[:, 0, 0, 0] = fill + np.arange(pictures)
    labels = chance.integers(0, 5, (pictures, size // 14, size // 14, 3)).astype(np.uint8)
    samples = [{"kind": "shapes", "pictures": [i], "text": ["OK", "Cancel"], "caption": "A shape.", "questions": [
        {"kind": "count", "question": f"How many shapes{'?' * (i % 3)}", "answer": str(i % 4), "answers": [str(i % 4)],
         "form": "short"},
        {"kind": "theme", "question": "Dark or light?", "answer": "dark", "answers": ["dark"], "form": "short"}]}
        for i in range(pictures)]
    (folder / "pictures.rgb").write_bytes(pixels.tobytes())
    (folder / "labels.u8").write_bytes(labels.tobytes())
    (folder / "samples.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    (folder / "meta.json").write_text(json.dumps(
        {"size": size, "patch": 14, "pictures": pictures, "samples": len(samples), "split": split}))


def test_shards_join_into_one_list_of_pictures(tmp_path):
    write_shard(tmp_path / "a", 6, fill=0)
    write_shard(tmp_path / "b", 4, fill=100)
    write_shard(tmp_path / "c", 4, split="test")
    shards = Shards(tmp_path, "train")
    assert shards.picture_count == 10
    pictures, labels = shards.pictures(np.array([9, 0, 6]))
    assert pictures[:, 0, 0, 0].tolist() == [103, 0, 100]
    assert labels.shape == (3, 4, 4, 3)
    assert shards.pictures_of(7).tolist() == [7]
    assert shards.samples[7][1]["pictures"] == [1]


def test_a_shard_still_being_written_is_left_out(tmp_path):
    write_shard(tmp_path / "a")
    write_shard(tmp_path / "b")
    with (tmp_path / "b" / "pictures.rgb").open("r+b") as file:
        file.truncate(1000)
    assert not Shard.is_complete(tmp_path / "b")
    assert len(Shards(tmp_path, "train").shards) == 1


def test_no_shard_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="render some first"):
        Shards(tmp_path, "train")


def test_a_shuffle_is_the_same_wherever_it_is_entered():
    whole = Shuffle(7, 5).take(0, 21)
    assert sorted(whole[:7]) == sorted(whole[7:14]) == list(range(7))
    assert whole[:7].tolist() != whole[7:14].tolist()
    assert Shuffle(7, 5).take(5, 10).tolist() == whole[5:15].tolist()
