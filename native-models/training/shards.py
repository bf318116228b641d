"""Shards: folders of rendered pictures with per-patch labels and questions, memory-mapped.

A shard holds `meta.json`, `pictures.rgb` uint8 [N, S, S, 3], `labels.u8` uint8 [N, S/patch, S/patch, 3]
(element, colour, glyph; 0 is none) and `samples.jsonl`.
"""

import json
from pathlib import Path

import numpy as np


class Shard:
    def __init__(self, folder: Path, meta: dict):
        self.folder, self.meta = folder, meta
        count, size, grid = meta["pictures"], meta["size"], meta["size"] // meta["patch"]
        self.pictures = self._map("pictures.rgb", (count, size, size, 3))
        self.labels = self._map("labels.u8", (count, grid, grid, 3))
        with (folder / "samples.jsonl").open(encoding="utf-8") as lines:
            # The rest of a line (boxes, facts) is not needed here and would take much memory.
            self.samples = [{key: sample[key] for key in ("kind", "pictures", "text", "questions")}
                            for sample in map(json.loads, lines)]

    def _map(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        # A text-only shard has no pictures, and an empty file cannot be mapped.
        return np.memmap(self.folder / name, np.uint8, "r", shape=shape) if shape[0] else np.empty(shape, np.uint8)

    @staticmethod
    def is_complete(folder: Path) -> bool:
        """Whether the renderer has finished: sizes of the files are those that `meta.json` announces."""
        try:
            meta = json.loads((folder / "meta.json").read_text())
            pictures, labels = ((folder / name).stat().st_size for name in ("pictures.rgb", "labels.u8"))
            with (folder / "samples.jsonl").open("rb") as lines:
                samples = sum(1 for _ in lines)
        except (OSError, ValueError):
            return False
        grid = meta["size"] // meta["patch"]
        return (pictures == meta["pictures"] * meta["size"] ** 2 * 3 and labels == meta["pictures"] * grid**2 * 3
                and samples == meta["samples"])


class Shards:
    """All finished shards of one split under `folder`, as one list of pictures and one of samples."""

    def __init__(self, folder: str | Path, split: str):
        found = []
        for path in sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []:
            if Shard.is_complete(path):
                meta = json.loads((path / "meta.json").read_text())
                if meta["split"] == split:
                    found.append(Shard(path, meta))
        if not found:
            raise FileNotFoundError(f"No finished {split} shard lies in {folder}: render some first (see README.md).")
        if len({(shard.meta["size"], shard.meta["patch"]) for shard in found}) > 1:
            raise ValueError(f"The {split} shards in {folder} differ in size or patch: keep one size in a folder.")
        self.shards = found
        self.size: int = found[0].meta["size"]
        self.picture_starts = np.cumsum([0] + [shard.meta["pictures"] for shard in found])
        self.samples = [(place, sample) for place, shard in enumerate(found) for sample in shard.samples]

    @property
    def picture_count(self) -> int:
        return int(self.picture_starts[-1])

    def pictures_of(self, sample: int) -> np.ndarray:
        """Positions, in the joined list, of a sample's pictures in their order."""
        place, content = self.samples[sample]
        return np.array(content["pictures"], np.int64) + self.picture_starts[place]

    def pictures(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pictures uint8 [n, S, S, 3] and labels uint8 [n, grid, grid, 3] of positions in the joined list."""
        grid = self.size // self.shards[0].meta["patch"]
        pictures = np.empty((len(indices), self.size, self.size, 3), np.uint8)
        labels = np.empty((len(indices), grid, grid, 3), np.uint8)
        for slot, index in enumerate(indices):
            place = int(np.searchsorted(self.picture_starts, index, side="right")) - 1
            own = index - self.picture_starts[place]
            pictures[slot], labels[slot] = self.shards[place].pictures[own], self.shards[place].labels[own]
        return pictures, labels


class Shuffle:
    """Endless order over `count` things, new each epoch; position p is the same in every run with this seed."""

    def __init__(self, count: int, seed: int):
        self.count, self.seed = count, seed
        self.epoch, self.order = -1, np.empty(0, np.int64)

    def take(self, start: int, number: int) -> np.ndarray:
        """Indices at positions `start` to `start + number`."""
        taken = np.empty(number, np.int64)
        for slot, position in enumerate(range(start, start + number)):
            epoch, place = divmod(position, self.count)
            if epoch != self.epoch:
                self.epoch, self.order = epoch, np.random.default_rng([self.seed, epoch]).permutation(self.count)
            taken[slot] = self.order[place]
        return taken
