"""Draw a run's curves for the model card: `python curves.py --run NAME --out curves.svg`.

One panel a measure, over the pictures of all stages one after another; each stage has its colour. The thin line is what
`log.jsonl` holds, the thick one its running mean, and dots are the same measure on pictures that are not trained on.
"""

import argparse
import json
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
MEASURES = {"answer_loss": "loss of answers", "exact": "answers wholly right", "element": "element of a patch right",
            "colour": "colour of a patch right", "glyph": "glyph of a patch right"}
COLOURS = {"sight": "#6b7280", "place": "#0f766e", "questions": "#b45309", "pretraining": "#1d4ed8",
           "instruction": "#9333ea"}
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


def panel(log: list[dict], measure: str, top: int, most: int) -> str:
    """One panel's marks; nothing if the run never measured it."""
    stages = points(log, measure)
    if not stages:
        return ""
    highest = max(y for values in stages.values() for _, y in values)
    share = measure != "answer_loss"
    highest = min(1.0, highest) if share else highest

    def place(x: float, y: float) -> str:
        return f"{LEFT + (WIDTH - LEFT - 12) * x / most:.1f},{top + HEIGHT - (HEIGHT - 16) * min(1, y / highest):.1f}"

    label = f"{highest:.0%}" if share else f"{highest:.2f}"
    marks = [f'<text x="{LEFT}" y="{top - 6}" class="name">{escape(MEASURES[measure])}</text>',
             f'<text x="{LEFT - 6}" y="{top + 20}" class="tick">{label}</text>',
             f'<text x="{LEFT - 6}" y="{top + HEIGHT}" class="tick">0</text>',
             f'<path d="M{LEFT} {top + 8}V{top + HEIGHT}H{WIDTH - 12}" class="axis"/>']
    for stage, values in stages.items():
        for line, css in ((values, "thin"), (smoothed(values), "thick")):
            marks.append(f'<polyline points="{" ".join(place(x, y) for x, y in line)}" class="{css}" '
                         f'stroke="{COLOURS[stage]}"/>')
    for stage, values in points(log, f"validation_{measure}").items():
        for x, y in values:
            across, down = place(x, y).split(",")
            marks.append(f'<circle cx="{across}" cy="{down}" r="3.5" class="dot" fill="{COLOURS[stage]}"/>')
    return "\n".join(marks)


def picture(log: list[dict]) -> str:
    """The whole SVG of a run's log lines."""
    measured = [measure for measure in MEASURES if any(measure in line for line in log)]
    most = max((x for measure in measured for values in points(log, measure).values() for x, _ in values), default=1)
    height = 20 + len(measured) * (HEIGHT + MARGIN) + 26
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
             "<style>.name{font-size:13px}.tick{font-size:11px;text-anchor:end;fill:#555}.axis{stroke:#999;fill:none}"
             ".dot{stroke:#fff}.thin{fill:none;stroke-width:1;opacity:.3}.thick{fill:none;stroke-width:2}</style>",
             '<rect width="100%" height="100%" fill="#fff"/>']
    for place, measure in enumerate(measured):
        parts.append(panel(log, measure, 24 + place * (HEIGHT + MARGIN), most))
    x = LEFT
    for stage in dict.fromkeys(line["stage"] for line in log if "loss" in line):
        parts.append(f'<text x="{x}" y="{height - 8}" font-size="12" fill="{COLOURS[stage]}">{stage}</text>')
        x += 12 + 7 * len(stage)
    parts.append(f'<text x="{WIDTH - 12}" y="{height - 8}" class="tick">{most} pictures</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True, help="name of the folder below runs/")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    log = [json.loads(line) for line in (HERE / "runs" / options.run / "log.jsonl").read_text().splitlines()]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(picture(log))


if __name__ == "__main__":
    main()
