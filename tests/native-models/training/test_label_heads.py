import pytest
import torch

from label_heads import LabelHead, cells, class_weights
from schedule import Budget, Schedule
from vision_encoder import interpolate_positions

LABELS = {"elements": 8, "colours": 4, "glyphs": 6}


def test_cells_hold_the_patches_of_their_square():
    rows, columns = torch.meshgrid(torch.arange(4), torch.arange(4), indexing="ij")
    labels = torch.stack([rows, columns, rows * 4 + columns], -1)[None]
    grouped = cells(labels, 4)
    assert grouped[0, 1, :, 2].tolist() == [2, 3, 6, 7]
    assert grouped[0, 2, :, 2].tolist() == [8, 9, 12, 13]


def test_queries_that_do_not_tile_the_grid_are_refused():
    with pytest.raises(ValueError, match="cannot tile"):
        cells(torch.zeros(1, 4, 4, 3), 5)


def test_a_head_learns_labels_that_its_rows_carry():
    torch.manual_seed(0)
    head, labels = LabelHead(16, LABELS, 1), torch.randint(0, 4, (4, 32, 1, 3))
    rows = torch.nn.functional.one_hot(labels[:, :, 0], 4).float().flatten(2) @ torch.randn(12, 16)
    weights = class_weights(labels, head.classes)
    optimizer = torch.optim.Adam(head.parameters(), 0.1)
    for _ in range(200):
        loss, accuracies = head.loss(rows, labels, weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert min(accuracies.values()) > 0.95


def test_rare_classes_weigh_more_up_to_a_bound():
    common, rare = torch.zeros(9_900, 3), torch.ones(100, 3)
    for weights in class_weights(torch.cat([common, rare]).long(), [3, 2, 4]):
        assert weights[1] / weights[0] == pytest.approx(99**0.5)
    assert weights[2] == weights[3] > weights[1]  # never met


def test_positions_stretch_to_a_larger_grid_and_keep_the_class_row():
    ramp = torch.arange(4.0).repeat(4, 1).reshape(1, 16, 1)
    stretched = interpolate_positions(torch.cat([torch.full((1, 1, 1), 9.0), ramp], 1), 8)
    assert stretched.shape == (1, 65, 1)
    assert stretched[0, 0, 0] == 9
    assert (stretched[0, 1:].view(8, 8).diff(dim=1) > 0).all()


def test_a_schedule_warms_up_holds_and_decays():
    schedule = Schedule(warmup=10, decay_from=0.5, floor=0.1)
    assert schedule.factor(0, 0.0) == pytest.approx(0.1)
    assert schedule.factor(100, 0.4) == 1
    assert schedule.factor(100, 0.75) == pytest.approx(0.5)
    assert schedule.factor(100, 1.0) == pytest.approx(0.1)


def test_budgets_are_pictures_or_minutes():
    assert Budget.parse("200p").used(50, 9999) == 0.25
    assert Budget.parse("2m").used(50, 60) == 0.5
    with pytest.raises(ValueError, match="no budget"):
        Budget.parse("20 minutes")
