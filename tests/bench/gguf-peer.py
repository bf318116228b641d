"""Writes the matrices of a safetensors checkpoint as GGUF in Q4_0: gguf-peer.py CHECKPOINT OUT.gguf"""

import json
import pathlib
import sys

import gguf
import numpy as np

folder, out = pathlib.Path(sys.argv[1]), sys.argv[2]
writer = gguf.GGUFWriter(out, "llama", use_temp_file=True)
q4 = gguf.GGMLQuantizationType.Q4_0
for path in sorted(folder.glob("*.safetensors")):
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.memmap(path, np.float16, "r", 8 + size + begin, (end - begin) // 2).reshape(entry["shape"])
        if values.ndim == 2 and values.shape[1] % 32 == 0:
            packed = gguf.quants.quantize(values.astype(np.float32), q4)
            writer.add_tensor(name, packed, raw_dtype=q4)
        else:
            writer.add_tensor(name, values.astype(np.float32))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
