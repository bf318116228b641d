import pytest
from test_stages import write_text_shard

from distil import asked_in, distil, prompts
from generation import answer
from prompts import Prompter, collate

WORDS = ["person", "house", "river"]


def test_prompts_are_different_and_depend_on_the_seed():
    asked = prompts(60, 1, WORDS)
    assert len(set(asked)) == 60
    assert asked == prompts(60, 1, WORDS)
    assert asked != prompts(60, 2, WORDS)
    assert not any("{" in question for question in asked)


def test_prompts_of_another_shard_are_not_asked_again(tmp_path):
    write_text_shard(tmp_path / "text")
    assert asked_in(tmp_path / "text") == {"Say yes."}
    assert asked_in(None) == frozenset()
    known = frozenset(prompts(60, 1, WORDS))
    assert known.isdisjoint(prompts(60, 1, WORDS, known))


def test_too_many_prompts_are_refused():
    with pytest.raises(ValueError, match="add templates"):
        prompts(100_000, 1, WORDS[:1])


def test_answers_are_the_models_own_and_only_those_that_end(tiny, monkeypatch):
    from language_base import tokenizer

    prompter = Prompter(tokenizer(), tiny.rows_per_picture)
    [[said]] = answer(tiny, collate([prompter.sequence(0, [], [("Hello!", None)])]), None, -1, 8)
    assert list(distil(tiny, ["Hello!"], 8)) == []  # a random model does not stop by itself

    # Take the last of what it says for the end of an answer.
    end = next(token for token in reversed(said) if token != said[0])

    class Ending(Prompter):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.end = end

    monkeypatch.setattr("distil.Prompter", Ending)
    [line] = distil(tiny, ["Hello!"], 8)
    assert line["pictures"] == []
    assert line["questions"][0]["question"] == "Hello!"
    assert line["questions"][0]["answer"] == tokenizer().decode(said[:said.index(end)]).strip()
