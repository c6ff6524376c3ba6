"""The PyTorch peer of `npm run bench -- features`: image files to ResNet-50 features, float32, on the CPU.

With --tune it tries the settings a competent user would try and prints the fastest. Without, it runs once and prints JSON.
"""

import argparse
import itertools
import json
import os
import resource
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from resnet50 import ResNet50, load_keras


class Images(Dataset):
    def __init__(self, paths: list[str], resample: str = "bilinear"):
        self.paths = paths
        self.resample = Image.Resampling[resample.upper()]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        with Image.open(self.paths[index]) as image:
            # Draft mode lets the JPEG decoder shrink while it decodes, as sharp does.
            image.draft("RGB", (224, 224))
            pixels = np.asarray(image.convert("RGB").resize((224, 224), self.resample))
        return torch.from_numpy(pixels.copy()).permute(2, 0, 1)


def build(mode: str, weights: Path | None) -> torch.nn.Module:
    """`eager`: the module as it is. `fused`: batch norms folded into convolutions. `frozen`: TorchScript's optimizer."""
    torch.manual_seed(0)
    model = ResNet50().eval()
    if weights:
        load_keras(model, weights)
    if mode == "fused":
        for module in list(model.modules()):
            if isinstance(module, torch.nn.Sequential) and isinstance(module[1], torch.nn.BatchNorm2d):
                module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(module[0], module[1])
                module[1] = torch.nn.Identity()
    if mode == "frozen":
        example = torch.zeros(2, 3, 224, 224, dtype=torch.uint8)
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, example)))
    return model


def cpu_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def extract(model: torch.nn.Module, paths: list[str], settings: dict) -> tuple[np.ndarray, float]:
    """Features [N, 2048] and the seconds it took, from the first file to the last feature."""
    torch.set_num_threads(settings["threads"])
    loader = DataLoader(Images(paths, settings.get("resample", "bilinear")), batch_size=32, num_workers=settings["workers"])
    features = []
    start = time.perf_counter()
    with torch.inference_mode():
        for batch in loader:
            if settings["channels_last"]:
                batch = batch.to(memory_format=torch.channels_last)
            features.append(model(batch).numpy())
    return np.concatenate(features), time.perf_counter() - start


def prepare(settings: dict, weights: Path | None) -> torch.nn.Module:
    model = build(settings["mode"], weights)
    if settings["channels_last"]:
        model = model.to(memory_format=torch.channels_last)
    return model


def warm_up(model: torch.nn.Module, paths: list[str], settings: dict) -> None:
    # Twice: TorchScript profiles the first run and compiles in the second. The last batch's shape counts too.
    for _ in range(2):
        extract(model, paths[: 32 + len(paths) % 32], {**settings, "workers": 0})


def tune(paths: list[str]) -> list[dict]:
    """All settings tried, the fastest first: model and memory format, then threads and decoding for the two fastest of those."""
    cores = len(os.sched_getaffinity(0))
    tried = []

    def attempt(mode: str, channels_last: bool, threads: int, workers: int) -> None:
        settings = {"mode": mode, "channels_last": channels_last, "threads": threads, "workers": workers}
        model = prepare(settings, None)
        warm_up(model, paths, settings)
        seconds = min(extract(model, paths, settings)[1] for _ in range(2))
        tried.append({**settings, "images_per_second": round(len(paths) / seconds, 2)})
        tried.sort(key=lambda row: -row["images_per_second"])

    for mode, channels_last in itertools.product(("eager", "fused", "frozen"), (False, True)):
        attempt(mode, channels_last, cores, 0)
    for row in tried[:2]:
        for threads, workers in ((cores, 2), (max(1, cores - 1), 2), (max(1, cores - 1), 1)):
            attempt(row["mode"], row["channels_last"], threads, workers)
    return tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, required=True, help="a text file with one image path a line")
    parser.add_argument("--tune", action="store_true", help="find the fastest settings on these files")
    parser.add_argument("--settings", type=json.loads, help="what --tune printed")
    parser.add_argument("--weights", type=Path, help="folder with the model.json of Keras' weights; random without")
    parser.add_argument("--out", type=Path, help="write the features here, as .npy")
    arguments = parser.parse_args()
    paths = arguments.files.read_text().splitlines()
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    if arguments.tune:
        tried = tune(paths)
        print(json.dumps({**versions, "settings": tried[0], "tried": tried}))
        return
    settings = arguments.settings or {"mode": "fused", "channels_last": True, "threads": 2, "workers": 2}
    model = prepare(settings, arguments.weights)
    warm_up(model, paths, settings)
    cpu_start = cpu_seconds()
    features, seconds = extract(model, paths, settings)
    taken = {"seconds": seconds, "cpuSeconds": cpu_seconds() - cpu_start}
    if arguments.out:
        np.save(arguments.out, features)
    print(json.dumps({**versions, **taken, "images": len(paths), "images_per_second": len(paths) / seconds}))


if __name__ == "__main__":
    main()
