"""The model that exward ships: reads its file, judges, and says by what."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from exward.mail.classifier.features import SLOTS, VERSION, slot
from exward.model.errors import ContentError

FILE = "model.npz"
_DAMAGE = (OSError, ValueError, KeyError, IndexError, EOFError, TypeError)
MAX_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Weights of all slots, the bias, and the line from margin to log-odds (Platt scaling)."""

    weights: npt.NDArray[np.float32]
    bias: float
    slope: float
    offset: float

    def margin(self, features: dict[str, float]) -> float:
        """How bad a message looks, in no unit; above zero more bad than not."""
        return self.bias + sum(
            value * float(self.weights[slot(name)]) for name, value in features.items()
        )

    def share(self, name: str, features: dict[str, float]) -> float:
        """What one feature adds to the margin."""
        return features[name] * float(self.weights[slot(name)])

    def log_odds(self, margin: float) -> float:
        """Calibrated log-odds that a message is bad, where half of all messages are."""
        return self.slope * margin + self.offset

    def probability(self, features: dict[str, float]) -> float:
        """The same as a probability."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.log_odds(self.margin(features))))))

    def top(self, features: dict[str, float], count: int, sign: int) -> list[str]:
        """The features that speak most for harm (sign 1) or against it (-1)."""
        shares = sorted(
            ((sign * value * float(self.weights[slot(name)]), name)
             for name, value in features.items()), key=lambda one: (-one[0], one[1])
        )  # fmt: skip
        return [name for share, name in shares[:count] if share > 0]


@cache
def shipped_model() -> Model:
    """The model of this release."""
    return parse_model((files("exward.mail") / "data" / FILE).read_bytes(), FILE)


def load_model(path: Path) -> Model:
    """Read a model of the user's own; raises ContentError if it is none of this version."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", "check the path", str(path)
        ) from error
    return parse_model(data, str(path))


def parse_model(data: bytes, where: str) -> Model:
    """Read a model's bytes; raises ContentError."""
    try:
        with np.load(io.BytesIO(data[:MAX_FILE_BYTES]), allow_pickle=False) as held:
            version, numbers = int(held["version"]), held["numbers"].astype(np.float64)
            places, values = held["slots"], held["weights"].astype(np.float32)
            weights = np.zeros(SLOTS, np.float32)
            weights[places] = values
            bias, slope, offset = (float(number) for number in numbers)
    except (*_DAMAGE, zipfile.BadZipFile) as error:
        raise ContentError(f"is no mail model: {error}", "train it again", where) from error
    if version != VERSION:
        what = f"is a model for features of version {version}, not {VERSION}"
        raise ContentError(what, "train it again", where)
    return Model(weights, bias, slope, offset)


def model_bytes(model: Model) -> bytes:
    """A model as a file: only slots whose weight is not zero, to half precision."""
    places = np.flatnonzero(np.abs(model.weights) >= 1e-3).astype(np.int32)
    out = io.BytesIO()
    np.savez_compressed(
        out,
        version=np.array(VERSION),
        numbers=np.array([model.bias, model.slope, model.offset]),
        slots=places,
        weights=model.weights[places].astype(np.float16),
    )
    return out.getvalue()
