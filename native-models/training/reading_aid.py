"""The reading aid: the text lines that a reader found in a picture, given in the prompt, with a reader's mistakes."""

import random

HEADING = "Text in the picture:\n"
# Pairs that readers of small screen text take for each other.
CONFUSED = {"l": "1", "1": "l", "I": "l", "O": "0", "0": "O", "o": "0", "S": "5", "5": "S", "B": "8", "8": "B",
            "rn": "m", "m": "rn", "cl": "d", "vv": "w", "e": "c", "c": "e", "h": "b", "t": "f", ".": ",", ",": "."}


def misread(lines: list[str], chance: random.Random) -> list[str]:
    """`lines` with some dropped and some characters confused, as a poor reader would return them."""
    read = []
    for line in lines:
        if chance.random() < 0.12:
            continue
        for seen, taken in CONFUSED.items():
            if seen in line and chance.random() < 0.06:
                place = chance.choice([i for i in range(len(line)) if line.startswith(seen, i)])
                line = line[:place] + taken + line[place + len(seen):]
        read.append(line)
    return read


def reading_aid(lines: list[str]) -> str:
    """The text that stands between the pictures and the question; empty if nothing was read."""
    return HEADING + "".join(line + "\n" for line in lines) if lines else ""
