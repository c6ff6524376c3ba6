"""The PyTorch peer of `npm run bench -- cold`: a process that starts, loads ResNet-50 with a dense head, and predicts one image.

With --save it writes random weights and ends; a cold prediction does not depend on their values.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from resnet50 import ResNet50


class Tagger(nn.Module):
    def __init__(self, labels: int = 25):
        super().__init__()
        self.backbone = ResNet50()
        self.head = nn.Sequential(nn.Linear(2048, 512), nn.ReLU(), nn.Linear(512, labels))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.head(self.backbone(pixels)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--image", type=Path)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    if given.save:
        torch.save(Tagger().state_dict(), given.weights)
        print(json.dumps({"torch": torch.__version__}))
        return
    # Without this, the values that loading replaces would be drawn first.
    with torch.device("meta"):
        model = Tagger().eval()
    model.load_state_dict(torch.load(given.weights, mmap=True, weights_only=True), assign=True)
    with Image.open(given.image) as image:
        image.draft("RGB", (224, 224))
        pixels = np.asarray(image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR))
    with torch.inference_mode():
        scores = model(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None])
    print(json.dumps({"scores": scores[0].tolist()}))


if __name__ == "__main__":
    main()
