import json
import sys
import xml.dom.minidom

import curves

LOG = [
    {"stage": "place", "event": "start", "pictures": 0},
    {"stage": "place", "pictures": 10, "loss": 3.0, "element": 0.2},
    {"stage": "place", "pictures": 20, "loss": 2.0, "element": 0.4},
    {"stage": "place", "event": "finished", "pictures": 24},
    {"stage": "instruction", "pictures": 4, "loss": 1.5, "element": 0.6, "answer_loss": 1.2},
    {"stage": "instruction", "pictures": 8, "loss": 1.0, "element": 0.8, "answer_loss": 0.9},
    {"stage": "instruction", "event": "validation", "pictures": 8, "validation_answer_loss": 1.1},
]


def test_stages_follow_each_other():
    assert curves.points(LOG, "element") == {"place": [(10, 0.2), (20, 0.4)], "instruction": [(28, 0.6), (32, 0.8)]}
    assert curves.points(LOG, "glyph") == {}


def test_the_thick_line_is_a_running_mean():
    values = [(float(x), float(x)) for x in range(21)]
    means = curves.smoothed(values)
    assert means[10] == (10.0, 10.0)
    assert means[0] == (0.0, 2.0)  # of itself and the four after it


def test_a_picture_has_a_panel_for_what_was_measured(tmp_path, monkeypatch):
    run = tmp_path / "runs/some"
    run.mkdir(parents=True)
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LOG))
    monkeypatch.setattr(curves, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["curves.py", "--run", "some", "--out", str(tmp_path / "out/curves.svg")])
    curves.main()
    svg = xml.dom.minidom.parse(str(tmp_path / "out/curves.svg"))
    words = [text.firstChild.data for text in svg.getElementsByTagName("text")]
    assert curves.MEASURES["answer_loss"] in words and curves.MEASURES["element"] in words
    assert curves.MEASURES["glyph"] not in words
    assert "32 pictures" in words
    assert len(svg.getElementsByTagName("circle")) == 1  # the one measure on unseen pictures
    assert len(svg.getElementsByTagName("polyline")) == 2 * 3


def test_several_runs_share_a_panel(tmp_path, monkeypatch):
    for name, losses in (("one", (3.0, 2.0)), ("two", (4.0, 2.5))):
        (tmp_path / "runs" / name).mkdir(parents=True)
        log = [{"stage": "pretraining", "event": "start", "pictures": 0}]
        log += [{"stage": "pretraining", "pictures": 10 * (at + 1), "answer_loss": loss} for at, loss in enumerate(losses)]
        (tmp_path / "runs" / name / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in log))
    monkeypatch.setattr(curves, "HERE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["curves.py", "--run", "one", "two", "--out", str(tmp_path / "both.svg")])
    curves.main()
    svg = xml.dom.minidom.parse(str(tmp_path / "both.svg"))
    words = [text.firstChild.data for text in svg.getElementsByTagName("text")]
    assert {"one", "two", "20 pictures", "3.25"} <= set(words)  # the largest running mean
    assert len(svg.getElementsByTagName("polyline")) == 2
