"""The PyTorch peer of the multi-label head: the same features, split and hyper-parameters, trained by PyTorch.

Features are float32 [N, D], targets uint8 [N, L] of 0 and 1, all given as .npy files.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn


def average_precision(scores: np.ndarray, targets: np.ndarray) -> float:
    """Area under the precision-recall steps; equal scores share one step. NaN without positives."""
    if not targets.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    scores, targets = scores[order], targets[order].astype(np.float64)
    last_of_ties = np.append(np.nonzero(np.diff(scores))[0], len(scores) - 1)
    hits = np.cumsum(targets)[last_of_ties]
    precision, recall = hits / (last_of_ties + 1), hits / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def measure(scores: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    per_label = [average_precision(scores[:, j], targets[:, j]) for j in range(targets.shape[1])]
    top = np.argsort(-scores, axis=1)[:, :3]
    return {
        "mAP": float(np.nanmean(per_label)),
        "micro_AP": average_precision(scores.ravel(), targets.ravel()),
        "top3": float(np.take_along_axis(targets, top, 1).any(1).mean()),
    }


def train(x: torch.Tensor, y: torch.Tensor, epochs: int, batch: int, rate: float) -> nn.Module:
    head = nn.Sequential(
        nn.Dropout(0.5), nn.Linear(x.shape[1], 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, y.shape[1])
    )
    # Keras' initial values: Glorot uniform and zeros.
    for layer in head:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(head(x[rows]), y[rows]).backward()
            optimizer.step()
    return head.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("train-x", "train-y", "test-x", "test-y"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seeds", type=int, default=1, help="train this often, with seeds 0, 1, ...")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    x, test = (torch.from_numpy(np.load(path)).float() for path in (arguments.train_x, arguments.test_x))
    y = torch.from_numpy(np.load(arguments.train_y)).float()
    targets = np.load(arguments.test_y)
    for seed in range(arguments.seeds):
        torch.manual_seed(seed)
        start = time.perf_counter()
        head = train(x, y, arguments.epochs, arguments.batch, arguments.rate)
        seconds = time.perf_counter() - start
        with torch.inference_mode():
            scores = torch.sigmoid(head(test)).numpy()
        print(json.dumps({"seed": seed, **measure(scores, targets), "seconds": seconds, "torch": torch.__version__}))


if __name__ == "__main__":
    main()
