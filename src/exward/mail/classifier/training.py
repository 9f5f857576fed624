"""Learns a model from labelled messages: logistic regression with L2, by L-BFGS.

Features that may speak in one direction only (`structure.direction`) are held to it: weights of the
wrong sign are taken out and the rest is learned again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from exward.mail.classifier.features import SLOTS, slot
from exward.mail.classifier.structure import direction

Floats = npt.NDArray[np.float64]
MEMORY = 8
STEPS, MORE_STEPS = 50, 12
ROUNDS = 3
PENALTY = 3e-4
"""Of features of form."""
WORD_PENALTY = PENALTY / 4
"""Of words: each is rare, and many of them together make a topic."""
MIN_COUNT = 3
"""A feature that fewer messages have is left out: it is a name or an accident."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Messages as rows of slots and values, one behind another."""

    slots: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    directions: dict[int, int]
    """Slots whose weight may have one sign only."""

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
            self.directions,
        )


def pack(messages: Iterable[dict[str, float]]) -> Samples:
    """Turn the features of messages into rows."""
    slots: list[npt.NDArray[np.int32]] = []
    values: list[npt.NDArray[np.float32]] = []
    directions: dict[int, int] = {}
    for one in messages:
        directions.update((slot(name), direction(name)) for name in one if direction(name))
        slots.append(np.fromiter(map(slot, one), np.int32, len(one)))
        values.append(np.fromiter(one.values(), np.float32, len(one)))
    starts = np.concatenate([[0], np.cumsum([len(row) for row in slots])]).astype(np.int64)
    return Samples(np.concatenate(slots), np.concatenate(values), starts, directions)


def train(samples: Samples, bad: Floats, weight: Floats) -> Floats:
    """Weights of all slots, the bias last; `bad` is 0 or 1 and `weight` counts, for each row."""
    keep = np.bincount(samples.slots, minlength=SLOTS)[samples.slots] >= MIN_COUNT
    used, columns = np.unique(samples.slots[keep], return_inverse=True)
    signs = np.array([samples.directions.get(int(one), 0) for one in used], np.float64)
    entries = _Entries(columns, samples.values[keep].astype(np.float64), samples.rows[keep])
    costs = np.where(signs == 0, WORD_PENALTY, PENALTY)
    found = np.zeros(len(used) + 1)
    allowed = np.ones(len(used) + 1)
    for round_number in range(ROUNDS):
        loss = partial(_loss, entries, (bad, weight / weight.sum()), costs, allowed)
        found = _minimise(loss, found, STEPS if round_number == 0 else MORE_STEPS)
        wrong = np.append(found[:-1] * signs < 0, False)
        if not wrong.any():
            break
        found[wrong] = allowed[wrong] = 0.0
    weights = np.zeros(SLOTS + 1)
    weights[used], weights[-1] = found[:-1], found[-1]
    return weights


@dataclass(frozen=True, slots=True)
class _Entries:
    columns: npt.NDArray[np.int64]
    values: Floats
    rows: npt.NDArray[np.int64]


def _loss(
    entries: _Entries, rows: tuple[Floats, Floats], costs: Floats, allowed: Floats, w: Floats
) -> tuple[float, Floats]:
    """Loss and gradient; `rows` are labels and shares, `allowed` is 0 for what stays at zero."""
    bad, share = rows
    z = np.bincount(entries.rows, entries.values * w[entries.columns], minlength=len(bad)) + w[-1]
    margin = np.where(bad > 0, z, -z)
    value = _dot(share, np.logaddexp(0, -margin)) + 0.5 * _dot(costs * w[:-1], w[:-1])
    slope = share * (1 / (1 + np.exp(-np.clip(z, -500, 500))) - bad)
    sums = np.bincount(entries.columns, entries.values * slope[entries.rows], minlength=len(w))
    gradient = sums.astype(np.float64)
    gradient[:-1] += costs * w[:-1]
    gradient[-1] = slope.sum()
    return value, gradient * allowed


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Limited-memory BFGS with backtracking (Nocedal and Wright, algorithm 7.5)."""
    point = start
    value, gradient = loss(point)
    past: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _ in range(steps):
        step = -_direction(gradient, past)
        slope = _dot(step, gradient)
        size = 1.0 if past else 1.0 / max(1e-12, float(np.abs(gradient).sum()))
        while True:
            new_value, new_gradient = loss(point + size * step)
            if new_value <= value + 1e-4 * size * slope or size < 1e-10:
                break
            size *= 0.5
        move, change = size * step, new_gradient - gradient
        if _dot(move, change) > 1e-12:
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
        share = _dot(move, q) / _dot(move, change)
        shares.append(share)
        q -= share * change
    if past:
        move, change = past[-1]
        q *= _dot(move, change) / _dot(change, change)
    for (move, change), share in zip(past, reversed(shares), strict=True):
        q += (share - _dot(change, q) / _dot(move, change)) * move
    return q


def _dot(one: Floats, other: Floats) -> float:
    """Without BLAS: its threads for each short product take longer than the product."""
    return float(np.einsum("i,i", one, other))
