"""What the mail checks catch and what they catch wrongly.

    python benchmarks/mail.py CORPUS [--programs]

CORPUS is as for scripts/train_mail_model.py. All messages are read in their normalised view. The
score is that of `exward mail check`, with the model replaced by one that never saw the source;
phishing_pot never trains one. `--programs` lets SpamAssassin and Rspamd judge the same messages,
where they are installed (mail_programs.py). Writes MAIL.md.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from exward.mail.checks.registry import checks
from exward.mail.classifier.features import features
from exward.mail.classifier.training import Floats, Samples, pack, train
from exward.mail.classifier.weighing import points
from exward.mail.facts import gather
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings, Thresholds
from mail_programs import PROGRAMS, scores_of
from measured import machine

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts"))
from train_mail_model import (
    LESSONS,
    NOT_FREE,
    Row,
    calibrate,
    labels,
    left_out_margins,
    load_lessons,
    load_rows,
    margins,
    message_of,
    row_weights,
    source_group,
)

RESULTS = Path(__file__).parent / "MAIL.md"
FOLDS = 3
"""Parts of a collection of phishing, so that two of them can teach and one can test."""
TRANSACTIONAL = frozenset({"foff-milter", "ha-mail-packages"})
SAMPLE_STEP = 25
"""SpamAssassin judges seven messages a second."""
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
    """Features of a message, points of what is no hint to the model, and seconds of one core."""
    raw = message_of(corpus, row)
    started = time.process_time()
    facts = gather(parse(raw), MailSettings())
    signs = [sign for _, check in checks() for sign in check.find(facts)]
    found = features(facts, sorted({sign.trait for sign in signs if sign.trait}))
    return found, sum(sign.weight for sign in signs), time.process_time() - started


def look_at_all(corpus: Path, rows: list[Row]) -> tuple[Samples, Floats, Floats]:
    """The same for all, on two cores."""
    with ProcessPoolExecutor(2) as pool:
        seen = list(pool.map(partial(look, corpus), rows, chunksize=100))
    return (
        pack(found for found, _, _ in seen),
        np.array([hard for _, hard, _ in seen]),
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
    slope, offset = calibrate(found[free], known)
    return slope * found + offset


def own_phishing_log_odds(samples: Samples, rows: list[Row]) -> Floats:
    """The same where somebody trains with phishing of their own: of others of its collection.

    Near-duplicates share a campaign and are never divided.
    """

    def group_of(row: Row) -> str:
        is_own = row["source"] in NOT_FREE
        return f"{row['source']} {row['campaign'] % FOLDS}" if is_own else source_group(row)

    found = left_out_margins(samples, rows, group_of)
    slope, offset = calibrate(found, rows)
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


def limits(scores: Floats, parts: Parts) -> dict[str, float]:
    """The operating points: above which score not too much is caught wrongly."""
    return {
        "1 in 170 transactional, 0.05 % of list mail": max(
            limit(scores[parts.transactional], 1 / 170), limit(scores[parts.lists], 0.0005)
        ),
        "5 in 170 transactional": limit(scores[parts.transactional], 5 / 170),
        "0.1 % of all modern ham": limit(scores[parts.modern_ham], 0.001),
    }


def table(scores: Floats, parts: Parts) -> list[str]:
    """What is caught at each operating point."""
    lines = [
        "| wrongly caught at most | above | phishing | modern spam | wrong: transactional, lists |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, threshold in limits(scores, parts).items():
        caught = scores > threshold
        wrong = f"{caught[parts.transactional].sum()} of {parts.transactional.sum()}, "
        wrong += f"{caught[parts.lists].sum()} of {parts.lists.sum():,}"
        lines.append(
            f"| {name} | {threshold:.1f} | {caught[parts.phishing].mean():.1%} "
            f"| {caught[parts.modern_spam].mean():.1%} | {wrong} |"
        )
    return lines


def by_source(scores: Floats, rows: list[Row], parts: Parts) -> list[str]:
    """The same for each source: where it loses."""
    points_of = limits(scores, parts)
    lines = [
        "| source | label | messages | " + " | ".join(points_of) + " |",
        "| --- | --- | --- |" + " --- |" * len(points_of),
    ]
    names = np.array([f"{row['source']} | {row['label']}" for row in rows])
    for name in sorted(set(names)):
        caught = [(scores[names == name] > above).mean() for above in points_of.values()]
        shares = " | ".join(f"{share:.2%}" for share in caught)
        lines.append(f"| {name} | {(names == name).sum():,} | {shares} |")
    return lines


def at_limits(scores: Floats, parts: Parts) -> list[str]:
    """What the shipped limits do."""
    groups = {
        "transactional": parts.transactional,
        "lists": parts.lists,
        "phishing": parts.phishing,
        "modern spam": parts.modern_spam,
    }
    lines = ["| at the shipped limits | " + " | ".join(groups) + " |", "| --- |" + " --- |" * 4]
    for name, least in (("tag", Thresholds().tag), ("quarantine", Thresholds().quarantine)):
        shares = " | ".join(f"{(scores[mask] >= least).mean():.2%}" for mask in groups.values())
        lines.append(f"| {name}, from {least:g} | {shares} |")
    return lines


def report(rows: list[Row], seen: tuple[Samples, Floats, Floats]) -> str:
    """The page."""
    samples, hard, seconds = seen
    by_model, by_own = log_odds(samples, rows), own_phishing_log_odds(samples, rows)
    real = np.array([row["source"] != LESSONS for row in rows])
    by_model, by_own, hard, seconds = by_model[real], by_own[real], hard[real], seconds[real]
    rows = [row for row in rows if row["source"] != LESSONS]
    parts = parts_of(rows)
    scores, own = (
        np.array([points(float(odds)) for odds in judged]) + hard for judged in (by_model, by_own)
    )
    today = datetime.datetime.now(datetime.UTC).date()
    lines = [
        f"# Mail\n\n{machine()}, {today}. {len(rows):,} messages in their normalised view, ",
        f"{len(rows) / seconds.sum():,.0f} a second and core, offline.\n",
        INTRODUCTION,
        "\n## The score of `exward mail check`\n",
        *table(scores, parts),
        "",
        *at_limits(scores, parts),
        "\n## The model alone\n",
        *table(by_model, parts),
        "\n## Where somebody trains with phishing of their own\n",
        OWN_PHISHING,
        *table(own, parts),
        "\n## Where it loses\n",
        "Caught of each source, by the score; of ham this is what is caught wrongly.\n",
        *by_source(scores, rows, parts),
    ]
    return "\n".join(lines) + "\n"


INTRODUCTION = """Every source is judged by models that never saw it. phishing_pot (non-commercial)
tests only, so no model here has seen a real phishing message; what they know of phishing are our
own lessons (`scripts/mail_lessons.toml`), which teach every model and are no part of the test.
Features and the topics of lessons were chosen while looking at these messages: take the figures as
those of a development set. Lessons are our own sentences; a few that are usual (`We require all
customers to verify their wallets`) stand in a handful of these messages as well."""


OWN_PHISHING = """This is not the shipped model, which may not learn from phishing_pot. Its features
are the same; two thirds of phishing_pot teach, the last third tests, all three times, and other
sources are left out as above. It says what `scripts/train_mail_model.py` reaches for somebody who
adds reported phishing that resembles what will come.
"""


def others(corpus: Path, rows: list[Row]) -> str:
    """What other programs make of a sample of the messages, without network as well."""
    parts = parts_of(rows)
    chosen = np.flatnonzero(parts.transactional | (np.arange(len(rows)) % SAMPLE_STEP == 0))
    rows = [rows[number] for number in chosen]
    lines = ["\n## Other programs\n", OTHERS.format(count=len(rows))]
    for program in PROGRAMS:
        scores = scores_of(program, [message_of(corpus, row) for row in rows])
        lines.append(f"\n### {program.title}\n")
        lines += table(np.array(scores), parts_of(rows)) if scores else ["Not installed here."]
    return "\n".join(lines) + "\n"


OTHERS = """All transactional mail and a sample of the rest, {count:,} messages, in the same view.
The programs are as Debian's packages install them, on loopback: no DNS, no block lists and none of
their other network services, which do much of their work in real use. Bayes is off. The sample is
too small for shares below 0.5 %: none of the lists and of the modern ham is allowed there."""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--programs", action="store_true")
    options = parser.parse_args()
    rows = load_rows(options.corpus)
    known = rows + load_lessons()
    text = report(known, look_at_all(options.corpus, known))
    if options.programs:
        text += others(options.corpus, rows)
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
