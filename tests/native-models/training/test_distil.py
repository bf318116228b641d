import pytest

from test_shards import write_shard as write_pictures

from distil import distil, open_samples, prompts, write_shard
from generation import answer
from language_base import tokenizer
from prompts import Prompter, collate
from shards import Shards

WORDS = ["person", "house", "river"]


def test_prompts_are_different_and_depend_on_the_seed():
    asked = prompts(60, 1, WORDS)
    assert len(set(asked)) == 60
    assert asked == prompts(60, 1, WORDS)
    assert asked != prompts(60, 2, WORDS)
    assert not any("{" in question for question in asked)


def test_too_many_prompts_are_refused():
    with pytest.raises(ValueError, match="add templates"):
        prompts(100_000, 1, WORDS[:1])


@pytest.fixture
def ending(tiny, monkeypatch):
    """Has answers end before the token that is given: a random model does not stop by itself."""

    def end_at(token):
        class Ending(Prompter):
            def __init__(self, *arguments):
                super().__init__(*arguments)
                self.end = token

        monkeypatch.setattr("distil.Prompter", Ending)

    return end_at


def said_by(owl, lines, question):
    """The first tokens of an answer, and one that is not its first and can stand for its end."""
    prompter = Prompter(tokenizer(), owl.rows_per_picture)
    [[said]] = answer(owl, collate([prompter.sequence(0, lines, [(question, None)])]), None, -1, 8)
    return said, next(token for token in reversed(said) if token != said[0])


def test_answers_are_the_models_own_and_only_those_that_end(tiny, ending):
    said, end = said_by(tiny, [], "Hello!")
    assert list(distil(tiny, ["Hello!"], 8)) == []
    ending(end)
    [line] = distil(tiny, ["Hello!"], 8)
    assert line["pictures"] == []
    assert line["questions"][0]["question"] == "Hello!"
    assert line["questions"][0]["answer"] == tokenizer().decode(said[:said.index(end)]).strip()


def test_open_questions_are_answered_from_the_text_and_keep_their_picture(tiny, ending, monkeypatch, tmp_path):
    write_pictures(tmp_path / "windows", 4)
    about = Shards(tmp_path, "train").shards[0]
    for sample in about.samples:
        sample["text"] = ["Cannot save.", "Retry Cancel"]
    monkeypatch.setattr("distil.OPEN", ("Why?",))
    monkeypatch.setattr("distil.OPEN_ASKED", 1)
    said, end = said_by(tiny, about.samples[0]["text"], "Why?")
    ending(end)
    written = write_shard(tmp_path / "open", open_samples(tiny, about, 2, 1, 8), {"image_size": 56, "patch_size": 14}, about)
    assert written == 2
    joined = Shards(tmp_path, "train")
    made = next(shard for shard in joined.shards if shard.folder.name == "open")
    assert [sample["kind"] for sample in made.samples] == ["open", "open"]
    assert made.samples[0]["questions"][0]["answer"] == tokenizer().decode(said[:said.index(end)]).strip()
    # Both pictures are among those that were asked about.
    assert all(any((made.pictures[at] == picture).all() for picture in about.pictures) for at in range(2))
