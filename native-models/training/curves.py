"""Draw a run's curves for the model card: `python curves.py --run NAME --out curves.svg`.

With several names, such as those of `ablate.py`, it draws the loss of answers of each into one panel.

One panel a measure, over the pictures of all stages one after another; each stage has its colour. The thin line is what
`log.jsonl` holds, the thick one its running mean, and dots are the same measure on pictures that are not trained on.
"""

import argparse
import json
from itertools import cycle
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
MEASURES = {"answer_loss": "loss of answers", "exact": "answers wholly right", "element": "element of a patch right",
            "colour": "colour of a patch right", "glyph": "glyph of a patch right"}
COLOURS = {"sight": "#6b7280", "place": "#0f766e", "questions": "#b45309", "pretraining": "#1d4ed8",
           "instruction": "#9333ea"}
COLOURS_OF_RUNS = ("#111827", "#dc2626", "#0f766e", "#1d4ed8", "#b45309", "#9333ea")
WIDTH, HEIGHT, MARGIN, LEFT = 640, 120, 28, 44
WINDOW = 9  # log lines that the thick line averages


def points(log: list[dict], measure: str) -> dict[str, list[tuple[float, float]]]:
    """By stage: pictures seen so far, over all stages, and the measure's value."""
    before, last, found = 0, {}, {}
    for line in log:
        stage = line["stage"]
        if stage not in last and last:
            before = sum(last.values())
        last[stage] = line.get("pictures", 0)
        if measure in line:
            found.setdefault(stage, []).append((before + line["pictures"], line[measure]))
    return found


def smoothed(values: list[tuple[float, float]]) -> list[tuple[float, float]]:
    half = WINDOW // 2
    means = []
    for index, (x, _) in enumerate(values):
        near = values[max(0, index - half):index + half + 1]
        means.append((x, sum(y for _, y in near) / len(near)))
    return means


def frame(name: str, highest: str, top: int) -> list[str]:
    """Name, axes and ticks of a panel."""
    return [f'<text x="{LEFT}" y="{top - 6}" class="name">{escape(name)}</text>',
            f'<text x="{LEFT - 6}" y="{top + 20}" class="tick">{highest}</text>',
            f'<text x="{LEFT - 6}" y="{top + HEIGHT}" class="tick">0</text>',
            f'<path d="M{LEFT} {top + 8}V{top + HEIGHT}H{WIDTH - 12}" class="axis"/>']


def place(x: float, y: float, top: int) -> tuple[float, float]:
    """Where a point lies in a panel; x and y are shares of the panel's width and height."""
    return LEFT + (WIDTH - LEFT - 12) * x, top + HEIGHT - (HEIGHT - 16) * min(1, y)


def line(values: list[tuple[float, float]], css: str, colour: str, top: int, most: float, highest: float) -> str:
    places = (place(x / most, y / highest, top) for x, y in values)
    joined = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
    return f'<polyline points="{joined}" class="{css}" stroke="{colour}"/>'


def panel(log: list[dict], measure: str, top: int, most: int) -> str:
    """One panel's marks; nothing if the run never measured it."""
    stages = points(log, measure)
    if not stages:
        return ""
    highest = max(y for values in stages.values() for _, y in values)
    share = measure != "answer_loss"
    highest = min(1.0, highest) if share else highest
    marks = frame(MEASURES[measure], f"{highest:.0%}" if share else f"{highest:.2f}", top)
    for stage, values in stages.items():
        for drawn, css in ((values, "thin"), (smoothed(values), "thick")):
            marks.append(line(drawn, css, COLOURS[stage], top, most, highest))
    for stage, values in points(log, f"validation_{measure}").items():
        for x, y in values:
            across, down = place(x / most, y / highest, top)
            marks.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" class="dot" fill="{COLOURS[stage]}"/>')
    return "\n".join(marks)


def document(height: int, marks: list[str]) -> str:
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        "<style>.name{font-size:13px}.tick{font-size:11px;text-anchor:end;fill:#555}.axis{stroke:#999;fill:none}"
        ".dot{stroke:#fff}.thin{fill:none;stroke-width:1;opacity:.3}.thick{fill:none;stroke-width:2}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>', *marks, "</svg>"]) + "\n"


def picture(log: list[dict]) -> str:
    """The whole SVG of a run's log lines."""
    measured = [measure for measure in MEASURES if any(measure in entry for entry in log)]
    most = max((x for measure in measured for values in points(log, measure).values() for x, _ in values), default=1)
    height = 20 + len(measured) * (HEIGHT + MARGIN) + 26
    marks = [panel(log, measure, 24 + number * (HEIGHT + MARGIN), most) for number, measure in enumerate(measured)]
    x = LEFT
    for stage in dict.fromkeys(entry["stage"] for entry in log if "loss" in entry):
        marks.append(f'<text x="{x}" y="{height - 8}" font-size="12" fill="{COLOURS[stage]}">{stage}</text>')
        x += 12 + 7 * len(stage)
    marks.append(f'<text x="{WIDTH - 12}" y="{height - 8}" class="tick">{most} pictures</text>')
    return document(height, marks)


def comparison(logs: dict[str, list[dict]]) -> str:
    """The SVG of several runs' loss of answers; of runs of one stage."""
    curves = {name: smoothed([(entry["pictures"], entry["answer_loss"]) for entry in log if "answer_loss" in entry])
              for name, log in logs.items()}
    most = max(x for values in curves.values() for x, _ in values)
    highest = max(y for values in curves.values() for _, y in values)
    height = 24 + HEIGHT + 24 + 16 * len(curves)
    marks = frame(MEASURES["answer_loss"], f"{highest:.2f}", 24)
    for number, (colour, (name, values)) in enumerate(zip(cycle(COLOURS_OF_RUNS), curves.items())):
        marks.append(line(values, "thick", colour, 24, most, highest))
        marks.append(f'<text x="{LEFT}" y="{24 + HEIGHT + 20 + 16 * number}" font-size="12" fill="{colour}">'
                     f'{escape(name)}</text>')
    marks.append(f'<text x="{WIDTH - 12}" y="{24 + HEIGHT + 20}" class="tick">{most} pictures</text>')
    return document(height, marks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True, nargs="+", help="name of the folder below runs/")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logs = {name: [json.loads(entry) for entry in (HERE / "runs" / name / "log.jsonl").read_text().splitlines()]
            for name in options.run}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(comparison(logs) if len(logs) > 1 else picture(*logs.values()))


if __name__ == "__main__":
    main()
