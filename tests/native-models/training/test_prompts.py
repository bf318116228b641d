import random

import pytest
import torch

from generation import answer
from language_base import tokenizer
from prompts import AID_TOKENS, Prompter, attention_mask, collate
from reading_aid import misread, reading_aid
from stages import answer_loss

ASKED = [
    ("Which button is the default?", "OK"),
    ("What is the title?\nAnswer the question using a single word or phrase.", "Low Disk Space"),
    ("dark or light", "The window is dark."),
]


@pytest.fixture(scope="module")
def prompter():
    return Prompter(tokenizer(), rows=5)


def states(owl, batch, pictures):
    merged = owl.merge(batch["ids"], batch["visual"], pictures)
    return owl.model.decode(merged, batch["visual"], batch["positions"], attention_mask(batch["segments"]))[0]


@torch.inference_mode()
def test_a_question_among_others_is_computed_as_if_asked_alone(tiny, prompter):
    pictures = torch.randn(3, 5, 48, generator=torch.Generator().manual_seed(1)) * 0.1
    together = collate([prompter.sequence(2, ["File", "Edit"], ASKED), prompter.sequence(1, [], ASKED[:1])])
    all_states = states(tiny, together, pictures)
    for number, pair in enumerate(ASKED, 1):
        alone = prompter.sequence(2, ["File", "Edit"], [pair])
        single = states(tiny, collate([alone]), pictures[:2])[0]
        own = together["segments"][0] == number
        prefix = alone.segments.count(0)
        torch.testing.assert_close(all_states[0][own], single[prefix:len(alone.ids)], atol=1e-4, rtol=1e-4)


def test_a_sequence_reads_as_the_chat_template_writes_it(prompter):
    text = "".join(tokenizer().id_to_token(i) if i >= 0 else "#" for i in prompter.sequence(1, ["OK"], ASKED[:1]).ids)
    plain = text.replace("Ġ", " ").replace("Ċ", "\n")
    assert plain == ("<|im_start|>user\n#####Text in the picture:\nOK\nWhich button is the default?<|im_end|>\n"
                     "<|im_start|>assistant\nOK<|im_end|>")


def test_questions_that_follow_each_other_read_as_a_conversation(prompter):
    sequence = prompter.sequence(1, ["OK"], ASKED[:3], turns=2)
    assert sorted(set(sequence.segments)) == [0, 1, 2]
    first = [token for token, segment in zip(sequence.ids, sequence.segments) if segment < 2]
    plain = "".join(tokenizer().id_to_token(i) if i >= 0 else "#" for i in first).replace("Ġ", " ").replace("Ċ", "\n")
    (question, reply), (next_question, next_reply) = ASKED[:2]
    assert plain == (f"<|im_start|>user\n#####Text in the picture:\nOK\n{question}<|im_end|>\n<|im_start|>assistant\n"
                     f"{reply}<|im_end|>\n<|im_start|>user\n{next_question}<|im_end|>\n<|im_start|>assistant\n"
                     f"{next_reply}<|im_end|>")
    assert sequence.positions[:len(first)] == list(range(len(first)))
    third = sequence.segments.index(2)
    assert sequence.positions[third] == sequence.segments.count(0)


def test_pieces_encode_as_the_whole_would(prompter):
    question = reading_aid(["Save changes?", "Yes", "No"]) + ASKED[1][0] + "<|im_end|>\n<|im_start|>assistant\n"
    sequence = prompter.sequence(1, ["Save changes?", "Yes", "No"], [(ASKED[1][0], None)])
    after_picture = [token for token in sequence.ids[len(prompter.encode("<|im_start|>user\n")):] if token >= 0]
    assert after_picture == tokenizer().encode(question).ids


def test_targets_are_the_answers_and_their_ends(prompter):
    sequence = prompter.sequence(1, [], ASKED)
    predicted = [target for target in sequence.targets if target >= 0]
    wanted = [token for _, reply in ASKED for token in [*tokenizer().encode(reply).ids, prompter.end]]
    assert predicted == wanted
    following = sequence.ids[1:] + [-1]
    assert all(target in (-1, after) for target, after in zip(sequence.targets, following))


def test_the_aid_keeps_whole_lines_within_its_budget(prompter):
    lines = [f"line number {i} of the picture" for i in range(40)]
    aid = [token for token in prompter.prefix(0, lines)[len(prompter.encode("<|im_start|>user\n")):]]
    assert 0 < len(aid) <= AID_TOKENS
    assert tokenizer().decode(aid).endswith("of the picture\n")


def test_misreading_drops_and_confuses_some_and_is_repeatable():
    lines = ["Sells cells at the hotel 0123"] * 200
    first, second = misread(lines, random.Random(4)), misread(lines, random.Random(4))
    assert first == second
    assert 120 < len(first) < 200
    assert 0 < sum(line != lines[0] for line in first) < len(first)


def test_every_answer_weighs_the_same_whatever_its_length():
    logits = torch.zeros(5, 4)
    logits[0, 1] = 9.0  # the short answer is right, the long one unknown
    loss, exact = answer_loss(logits, torch.tensor([1, 2, 2, 2, 2]), torch.tensor([7, 9, 9, 9, 9]))
    assert loss.item() == pytest.approx(0.5 * torch.tensor(4.0).log().item(), abs=1e-3)
    assert exact == 0.5


@torch.inference_mode()
def test_answers_to_several_questions_are_those_to_each_alone(tiny, prompter):
    pictures = torch.randn(3, 5, 48, generator=torch.Generator().manual_seed(2)) * 0.1
    open_asked = [(question, None) for question, _ in ASKED]
    batch = collate([prompter.sequence(1, [], open_asked[:2]), prompter.sequence(2, ["Yes"], open_asked)])
    together = answer(tiny, batch, pictures, prompter.end, most=6)
    assert [len(sample) for sample in together] == [2, 3]
    for number, (question, _) in enumerate(open_asked):
        alone = prompter.sequence(2, ["Yes"], [(question, None)])
        ids, written = list(alone.ids), []
        for _ in range(6):
            tensor = torch.tensor([ids])
            merged = tiny.merge(tensor, tensor == -200, pictures[1:])
            rows, _ = tiny.model.decode(merged, tensor == -200, torch.arange(len(ids))[None])
            token = int(tiny.logits(rows[:, -1]).argmax())
            if token == prompter.end:
                break
            ids.append(token)
            written.append(token)
        assert together[1][number] == written
