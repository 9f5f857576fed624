"""Learns a model from labelled messages: logistic regression with L2, by L-BFGS."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exward.mail.classifier.features import SLOTS, slot

Floats = npt.NDArray[np.float64]
MEMORY = 8
STEPS = 80
MIN_COUNT = 3
"""A feature that fewer messages have is left out: it is a name or an accident."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Messages as rows of slots and values, one behind another."""

    slots: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The row of every entry."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def take(self, wanted: npt.NDArray[np.int64]) -> Samples:
        """Some of the rows."""
        spans = [slice(self.starts[row], self.starts[row + 1]) for row in wanted]
        sizes = [span.stop - span.start for span in spans]
        return Samples(
            np.concatenate([self.slots[span] for span in spans]),
            np.concatenate([self.values[span] for span in spans]),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        )


def pack(messages: Iterable[dict[str, float]]) -> Samples:
    """Turn the features of messages into rows."""
    slots: list[npt.NDArray[np.int32]] = []
    values: list[npt.NDArray[np.float32]] = []
    for one in messages:
        slots.append(np.fromiter(map(slot, one), np.int32, len(one)))
        values.append(np.fromiter(one.values(), np.float32, len(one)))
    starts = np.concatenate([[0], np.cumsum([len(row) for row in slots])]).astype(np.int64)
    return Samples(np.concatenate(slots), np.concatenate(values), starts)


def train(samples: Samples, bad: Floats, weight: Floats, penalty: float = 3e-5) -> Floats:
    """Weights of all slots, the bias last; `bad` is 0 or 1 and `weight` counts, for each row."""
    rows = samples.rows
    seen = np.bincount(samples.slots, minlength=SLOTS)
    keep = seen[samples.slots] >= MIN_COUNT
    slots, values, rows = samples.slots[keep], samples.values[keep], rows[keep]
    share = weight / weight.sum()

    def loss(w: Floats) -> tuple[float, Floats]:
        z = np.bincount(rows, values * w[slots], minlength=len(bad)) + w[-1]
        margin = np.where(bad > 0, z, -z)
        value = float(share @ np.logaddexp(0, -margin) + 0.5 * penalty * (w[:-1] @ w[:-1]))
        slope = share * (1 / (1 + np.exp(-np.clip(z, -500, 500))) - bad)
        gradient = np.bincount(slots, values * slope[rows], minlength=SLOTS + 1).astype(np.float64)
        gradient[:-1] += penalty * w[:-1]
        gradient[-1] = slope.sum()
        return value, gradient

    return _minimise(loss, np.zeros(SLOTS + 1))


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Limited-memory BFGS with backtracking (Nocedal and Wright, algorithm 7.5)."""
    point = start
    value, gradient = loss(point)
    past: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        step = -_direction(gradient, past)
        slope = float(step @ gradient)
        size = 1.0 if past else 1.0 / max(1e-12, float(np.abs(gradient).sum()))
        while True:
            new_value, new_gradient = loss(point + size * step)
            if new_value <= value + 1e-4 * size * slope or size < 1e-10:
                break
            size *= 0.5
        move, change = size * step, new_gradient - gradient
        if move @ change > 1e-12:
            past.append((move, change))
        point, gained = point + move, value - new_value
        value, gradient = new_value, new_gradient
        if gained < 1e-7 * max(1.0, abs(value)):
            break
    return point


def _direction(gradient: Floats, past: deque[tuple[Floats, Floats]]) -> Floats:
    q = gradient.copy()
    shares = []
    for move, change in reversed(past):
        share = (move @ q) / (move @ change)
        shares.append(share)
        q -= share * change
    if past:
        move, change = past[-1]
        q *= (move @ change) / (change @ change)
    for (move, change), share in zip(past, reversed(shares), strict=True):
        q += (share - (change @ q) / (move @ change)) * move
    return q
