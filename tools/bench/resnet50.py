"""ResNet-50 v1 (He et al. 2015, arXiv:1512.03385) as Keras has it: the stride sits in a block's first 1x1 convolution.

torchvision's ResNet-50 puts it in the 3x3 one ("v1.5") and so does more work: it would be too easy an opponent.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

EPSILON = 1e-3
MEAN_BGR = (103.939, 116.779, 123.68)


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1, relu: bool = True) -> nn.Sequential:
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2),
        nn.BatchNorm2d(outputs, eps=EPSILON),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, inputs: int, width: int, stride: int, project: bool):
        super().__init__()
        self.branch2a = conv(inputs, width, 1, stride)
        self.branch2b = conv(width, width, 3)
        self.branch2c = conv(width, 4 * width, 1, relu=False)
        self.branch1 = conv(inputs, 4 * width, 1, stride, relu=False) if project else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.branch2c(self.branch2b(self.branch2a(x))) + self.branch1(x))


class ResNet50(nn.Module):
    """uint8 RGB [N, 3, 224, 224] in, average-pooled float32 features [N, 2048] out."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1))
        self.conv1 = conv(3, 64, 7, 2)
        self.pool1 = nn.MaxPool2d(3, 2, padding=1)
        inputs = 64
        for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), start=2):
            for block in range(blocks):
                stride = 2 if block == 0 and stage > 2 else 1
                self.add_module(f"res{stage}{'abcdef'[block]}", Block(inputs, width, stride, project=block == 0))
                inputs = 4 * width

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = pixels.flip(1).float() - self.mean
        x = self.pool1(self.conv1(x))
        for name, block in self.named_children():
            if name.startswith("res"):
                x = block(x)
        return x.mean((2, 3))


def load_keras(model: ResNet50, folder: Path) -> None:
    """Sets the weights from a folder with TensorFlow.js' model.json."""
    values = read_manifest(folder)
    with torch.no_grad():
        set_layer(model.conv1, values, "conv1", "bn_conv1")
        for name, block in model.named_children():
            if not name.startswith("res"):
                continue
            for branch in ("branch2a", "branch2b", "branch2c", "branch1"):
                layer = getattr(block, branch)
                if isinstance(layer, nn.Sequential):
                    set_layer(layer, values, f"{name}_{branch}", f"bn{name[3:]}_{branch}")


def read_manifest(folder: Path) -> dict[str, np.ndarray]:
    values = {}
    for group in json.loads((folder / "model.json").read_text())["weightsManifest"]:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        start = 0
        for weight in group["weights"]:
            count = int(np.prod(weight["shape"]))
            values[weight["name"]] = np.frombuffer(data, "<f4", count, start).reshape(weight["shape"])
            start += 4 * count
    return values


def set_layer(layer: nn.Sequential, values: dict[str, np.ndarray], name: str, norm: str) -> None:
    def copy(target: torch.Tensor, value: np.ndarray) -> None:
        target.copy_(torch.from_numpy(value.copy()))

    copy(layer[0].weight, values[f"{name}/kernel"].transpose(3, 2, 0, 1))
    copy(layer[0].bias, values[f"{name}/bias"])
    copy(layer[1].weight, values[f"{norm}/gamma"])
    copy(layer[1].bias, values[f"{norm}/beta"])
    copy(layer[1].running_mean, values[f"{norm}/moving_mean"])
    copy(layer[1].running_var, values[f"{norm}/moving_variance"])
