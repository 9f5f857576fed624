"""What the mail checks catch and what they catch wrongly.

    python benchmarks/mail.py CORPUS [--programs]

CORPUS is as for scripts/train_mail_model.py. All messages are read in their normalised view. The
score is that of `exward mail check`, with the model replaced by one that never saw the source;
phishing_pot never trains one. `--programs` judges a sample with SpamAssassin (`spamassassin -L`) as
well, where it is installed. Writes MAIL.md.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from exward.mail.checks import classifier
from exward.mail.checks.registry import checks
from exward.mail.classifier.features import features
from exward.mail.classifier.training import Floats, Samples, pack, train
from exward.mail.facts import gather
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings, Thresholds
from measured import machine

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))
from train_mail_model import (
    CALIBRATION_PARTS,
    NOT_FREE,
    Row,
    calibrate,
    labels,
    left_out_margins,
    load_normalise,
    load_rows,
    margins,
    row_weights,
)

RESULTS = Path(__file__).parent / "MAIL.md"
TRANSACTIONAL = frozenset({"foff-milter", "ha-mail-packages"})
SAMPLE_STEP = 40
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Parts:
    """Which rows are what."""

    transactional: Mask
    lists: Mask
    modern_ham: Mask
    phishing: Mask
    modern_spam: Mask


def look(corpus: Path, row: Row) -> tuple[dict[str, float], float, float]:
    """Features of a message, points of all checks but the model, and seconds of one core."""
    raw = load_normalise(corpus)((corpus / row["path"]).read_bytes())
    started = time.process_time()
    facts = gather(parse(raw), MailSettings())
    points = sum(sign.weight for name, check in checks() if name != "classifier"
                 for sign in check.find(facts))  # fmt: skip
    found = features(facts)
    return found, points, time.process_time() - started


def look_at_all(corpus: Path, rows: list[Row]) -> tuple[Samples, Floats, Floats]:
    """The same for all, on two cores."""
    with ProcessPoolExecutor(2) as pool:
        seen = list(pool.map(partial(look, corpus), rows, chunksize=100))
    return (
        pack(found for found, _, _ in seen),
        np.array([points for _, points, _ in seen]),
        np.array([seconds for _, _, seconds in seen]),
    )


def log_odds(samples: Samples, rows: list[Row]) -> Floats:
    """What a model without the message's source says of each row."""
    free = np.flatnonzero([row["source"] not in NOT_FREE for row in rows])
    rest = np.flatnonzero([row["source"] in NOT_FREE for row in rows])
    known, inside = [rows[number] for number in free], samples.take(free)
    found = np.zeros(len(rows))
    found[free] = left_out_margins(inside, known)
    found[rest] = margins(samples.take(rest), train(inside, labels(known), row_weights(known)))
    slope, offset = calibrate(left_out_margins(inside, known, CALIBRATION_PARTS), known)
    return slope * found + offset


def parts_of(rows: list[Row]) -> Parts:
    """Newsletters and notices are counted apart from list mail: they decide the false alarms."""
    ham = np.array([row["label"] == "ham" for row in rows])
    modern = np.array([bool(row["modern"]) for row in rows])
    source = np.array([row["source"] in TRANSACTIONAL for row in rows])
    return Parts(
        ham & source,
        ham & np.array([row["sub"] == "list" for row in rows]),
        ham & modern,
        np.array([row["label"] == "phish" for row in rows]),
        np.array([row["label"] == "spam" for row in rows]) & modern,
    )


def limit(scores: Floats, share: float) -> float:
    """The lowest score that catches no more than a share of these."""
    ordered = np.sort(scores)[::-1]
    return float(ordered[int(share * len(ordered) + 1e-9)])


def table(scores: Floats, parts: Parts) -> list[str]:
    """The operating points: what may be caught wrongly, and what is caught then."""
    points = {
        "1 in 170 transactional, 0.05 % of list mail": max(
            limit(scores[parts.transactional], 1 / 170), limit(scores[parts.lists], 0.0005)
        ),
        "5 in 170 transactional": limit(scores[parts.transactional], 5 / 170),
        "0.1 % of all modern ham": limit(scores[parts.modern_ham], 0.001),
    }
    lines = [
        "| wrongly caught at most | above | phishing | modern spam | wrong: transactional, lists |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, threshold in points.items():
        caught = scores > threshold
        wrong = f"{caught[parts.transactional].sum()} of {parts.transactional.sum()}, "
        wrong += f"{caught[parts.lists].sum()} of {parts.lists.sum():,}"
        lines.append(
            f"| {name} | {threshold:.1f} | {caught[parts.phishing].mean():.1%} "
            f"| {caught[parts.modern_spam].mean():.1%} | {wrong} |"
        )
    return lines


def spamassassin(corpus: Path, rows: list[Row]) -> list[str]:
    """The share of a sample that SpamAssassin calls spam, without network and without Bayes."""
    program = shutil.which("spamassassin")
    if program is None:
        return ["SpamAssassin is not installed."]
    lines = []
    normalise = load_normalise(corpus)
    for label in ("ham", "spam", "phish"):
        chosen = [row for row in rows if row["label"] == label and row["modern"]][::SAMPLE_STEP]
        caught = 0
        for row in chosen:
            raw = normalise((corpus / row["path"]).read_bytes())
            ended = subprocess.run(
                [program, "-L", "-e"], input=raw, capture_output=True, check=False
            )
            caught += ended.returncode != 0
        counts = f"{caught} of {len(chosen)} modern {label}"
        lines.append(f"- SpamAssassin, local tests, 5 points: {counts}")
    return lines


def report(rows: list[Row], seen: tuple[Samples, Floats, Floats]) -> str:
    """The page."""
    samples, points, seconds = seen
    parts = parts_of(rows)
    by_model = log_odds(samples, rows)
    kept = np.clip(by_model * classifier.POINTS_PER_LOG_ODDS, classifier.LEAST, classifier.MOST)
    today = datetime.datetime.now(datetime.UTC).date()
    speed = len(rows) / seconds.sum()
    tagged = kept + points >= Thresholds().tag
    groups = {
        "transactional": parts.transactional,
        "lists": parts.lists,
        "phishing": parts.phishing,
        "modern spam": parts.modern_spam,
    }
    shares = ", ".join(f"{name} {tagged[mask].mean():.2%}" for name, mask in groups.items())
    lines = [
        f"# Mail\n\n{machine()}, {today}. {len(rows):,} messages in their normalised view; ",
        f"{speed:,.0f} messages a second and core, everything but the model's sum.\n",
        "Every source is judged by models that never saw it; phishing_pot only tests.",
        "\n## The score of `exward mail check`\n",
        *table(kept + points, parts),
        f"\nAt the shipped limit for a tag: {shares}.",
        "\n## The model alone\n",
        *table(by_model, parts),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--programs", action="store_true")
    options = parser.parse_args()
    rows = load_rows(options.corpus)
    text = report(rows, look_at_all(options.corpus, rows))
    if options.programs:
        text += "\n## Others\n\n" + "\n".join(spamassassin(options.corpus, rows)) + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
