"""The PyTorch peer of `npm run bench -- training`: the same networks, batches and optimizer, trained by PyTorch.

With --tune it tries the settings a competent user would try and prints the fastest first. Without, it trains once and prints JSON.
"""

import argparse
import itertools
import json
import resource
import time
from collections.abc import Callable, Iterator

import torch
from torch import nn

LABELS = 25


def poster() -> nn.Module:
    """The preset `poster` of small-cnn on 200x200 images, and a dense layer for the labels."""
    layers: list[nn.Module] = []
    channels = 3
    for filters in (16, 32, 64, 64):
        layers += [nn.Conv2d(channels, filters, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25)]
        channels = filters
    layers += [nn.Flatten(), nn.Linear(8 * 8 * 64, 128), nn.ReLU(), nn.Dropout(0.5)]
    layers += [nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, LABELS)]
    return nn.Sequential(*layers)


def head() -> nn.Module:
    layers = [nn.Dropout(0.5), nn.Linear(2048, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, LABELS)]
    return nn.Sequential(*layers)


def poster_batches(batch: int, channels_last: bool) -> Callable[[], Iterator]:
    """Pixels are scaled in every step, as where they come from files."""
    images = torch.randint(0, 256, (4, batch, 3, 200, 200), dtype=torch.uint8)
    labels = (torch.rand(4, batch, LABELS) < 0.1).float()
    if channels_last:
        images = torch.stack([image.to(memory_format=torch.channels_last) for image in images])
    return lambda: ((x.float().div(255), y) for x, y in zip(itertools.cycle(images), itertools.cycle(labels)))


def head_batches(batch: int, rows: int) -> Callable[[], Iterator]:
    """Rows of a matrix in memory, shuffled anew in every epoch."""
    features, labels = torch.rand(rows, 2048), (torch.rand(rows, LABELS) < 0.1).float()

    def epochs() -> Iterator:
        while True:
            for chosen in torch.randperm(rows).split(batch):
                yield features[chosen], labels[chosen]

    return epochs


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def train(workload: str, settings: dict, batch: int, rows: int, warmup: int, steps: int) -> dict:
    torch.manual_seed(0)
    torch.set_num_threads(settings["threads"])
    network = poster() if workload == "poster" else head()
    if settings["channels_last"]:
        network = network.to(memory_format=torch.channels_last)
    forward = torch.compile(network) if settings["compile"] else network
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-4, fused=settings["fused"], foreach=settings["foreach"])
    batches = (poster_batches(batch, settings["channels_last"]) if workload == "poster" else head_batches(batch, rows))()
    start = cpu_start = 0.0
    for step, (x, y) in enumerate(itertools.islice(batches, warmup + steps)):
        if step == warmup:
            start, cpu_start = time.perf_counter(), cpu_seconds()
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(forward(x), y)
        loss.backward()
        optimizer.step()
        # Both sides report the loss of every step.
        loss.item()
    return {"seconds": time.perf_counter() - start, "cpuSeconds": cpu_seconds() - cpu_start, "torch": torch.__version__}


def tune(workload: str, batch: int, rows: int, threads: int, compile: bool) -> list[dict]:
    """Each setting in turns, three times, and its best time."""
    layouts = (False, True) if workload == "poster" else (False,)
    adams = ({"fused": True, "foreach": None}, {"fused": None, "foreach": True}, {"fused": None, "foreach": False})
    tried = [
        {"channels_last": layout, **adam, "compile": compiled, "threads": threads}
        for layout, adam, compiled in itertools.product(layouts, adams, (False, True) if compile else (False,))
    ]
    warmup, steps = (2, 6) if workload == "poster" else (10, 60)
    best = [float("inf")] * len(tried)
    for _ in range(3):
        for i, settings in enumerate(tried):
            try:
                best[i] = min(best[i], train(workload, settings, batch, rows, warmup, steps)["seconds"] / steps)
            except Exception as error:  # torch.compile needs a C++ compiler
                settings["failed"] = str(error)[:200]
    for settings, seconds in zip(tried, best):
        settings["milliseconds"] = 1000 * seconds
    return sorted(tried, key=lambda settings: settings["milliseconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workload", choices=("poster", "head"), required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--settings", type=json.loads)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--compile", action="store_true", help="try torch.compile as well, which takes minutes")
    given = parser.parse_args()
    if given.tune:
        print(json.dumps({"tried": tune(given.workload, given.batch, given.rows, given.threads, given.compile)}))
    else:
        print(json.dumps(train(given.workload, given.settings, given.batch, given.rows, given.warmup, given.steps)))


if __name__ == "__main__":
    main()
