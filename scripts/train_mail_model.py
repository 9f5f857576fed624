"""Trains the mail model and writes it with its card.

    python scripts/train_mail_model.py CORPUS [--out FOLDER]

CORPUS is a folder with manifest.jsonl (one object a line: path, label ham/spam/phish, source, sub,
html) and norm.py, whose `normalise` takes out what a collector added. Sources in NOT_FREE may test
a model and never train one. Lessons (mail_lessons.py) teach every model and test none.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exward.mail.checks.registry import checks
from exward.mail.classifier.features import features
from exward.mail.classifier.model import FILE, Model, model_bytes
from exward.mail.classifier.training import Floats, Samples, pack, train
from exward.mail.facts import gather
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from mail_lessons import lessons

NOT_FREE = frozenset({"phishing_pot"})
LISTS_OF_USERS = frozenset({"list-usrp-users", "list-open-iscsi", "list-ibm-acpi-devel"})
LESSONS, LESSON_WEIGHT = "lessons", 1.5
SIZE_POWER = -0.75
"""A source twice as large weighs 1.2 times as much: more than once, less than by its size."""
FIXTURES = "parser-fixture"
OUT = Path(__file__).resolve().parents[1] / "src" / "exward" / "mail" / "data"

Row = dict[str, Any]


def load_rows(corpus: Path) -> list[Row]:
    """The manifest without what only tests parsers."""
    lines = (corpus / "manifest.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["sub"] != FIXTURES]


def load_lessons() -> list[Row]:
    """Our own messages, as rows that hold what they are."""
    return [
        {"source": LESSONS, "label": label, "sub": "", "html": html, "modern": False, "raw": raw}
        for label, raw, html in lessons(Path(__file__).parent / "mail_lessons.toml")
    ]


def load_normalise(corpus: Path) -> Callable[[bytes], bytes]:
    """The corpus's own view of what the sender wrote."""
    spec = importlib.util.spec_from_file_location("norm", corpus / "norm.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[bytes], bytes] = module.normalise
    return found


def message_of(corpus: Path, row: Row) -> bytes:
    """One message in its normalised view."""
    if "raw" in row:
        return bytes(row["raw"])
    return load_normalise(corpus)((corpus / row["path"]).read_bytes())


def features_of(corpus: Path, row: Row) -> dict[str, float]:
    """The features of one message, with the hints of all checks."""
    facts = gather(parse(message_of(corpus, row)), MailSettings())
    hints = {sign.trait for _, check in checks() for sign in check.find(facts) if sign.trait}
    return features(facts, sorted(hints))


def pack_rows(corpus: Path, rows: list[Row]) -> Samples:
    """The features of all messages, on two cores."""
    with ProcessPoolExecutor(2) as pool:
        return pack(pool.map(partial(features_of, corpus), rows, chunksize=100))


def row_weights(rows: list[Row]) -> Floats:
    """Large sources count less than by size; HTML and plain text the same among good and bad.

    Otherwise the model learns what a collection is made of: list mail has no HTML.
    """
    groups = Counter((row["source"], row["label"], row["html"]) for row in rows)
    weight = np.array(
        [groups[row["source"], row["label"], row["html"]] ** SIZE_POWER for row in rows]
    )
    weight[[row["source"] == LESSONS for row in rows]] *= LESSON_WEIGHT
    bad = labels(rows) > 0
    html = np.array([bool(row["html"]) for row in rows])
    for part in (bad & html, bad & ~html, ~bad & html, ~bad & ~html):
        weight[part] /= max(weight[part].sum(), 1e-12)
    return weight


def labels(rows: list[Row]) -> Floats:
    """1 for unwanted mail, 0 for wanted."""
    return np.array([float(row["label"] != "ham") for row in rows])


def margins(samples: Samples, weights: Floats) -> Floats:
    """What a model says of each row."""
    sums = np.bincount(
        samples.rows, samples.values * weights[samples.slots], minlength=len(samples.starts) - 1
    )
    return sums + float(weights[-1])


def source_group(row: Row) -> str:
    """Parts of one collection are left out together, and so are lists of one half."""
    source = str(row["source"])
    if source.startswith("spamassassin"):
        return "spamassassin"
    if row["label"] == "ham" and source.startswith("list-"):
        return "lists of users" if source in LISTS_OF_USERS else "lists of developers"
    return source


def left_out_margins(
    samples: Samples, rows: list[Row], group_of: Callable[[Row], str] = source_group
) -> Floats:
    """Each message judged by a model that never saw its group, on two cores.

    Lessons teach each of these models; what is said of themselves is 0.
    """
    groups = np.array(["" if row["source"] == LESSONS else group_of(row) for row in rows])
    found = np.zeros(len(rows))
    with ProcessPoolExecutor(2) as pool:
        names = sorted(set(groups) - {""})
        for inside, judged in pool.map(partial(_judged, samples, rows, groups), names):
            found[inside] = judged
    return found


def _judged(
    samples: Samples, rows: list[Row], groups: npt.NDArray[np.str_], group: str
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The rows of one group, and what a model without them says of each."""
    inside, outside = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
    known = [rows[number] for number in outside]
    model = train(samples.take(outside), labels(known), row_weights(known))
    return inside, margins(samples.take(inside), model)


def calibrate(found: Floats, rows: list[Row]) -> tuple[float, float]:
    """Slope and offset from margin to log-odds (Platt), on messages of sources left out."""
    real = np.array([row["source"] != LESSONS for row in rows])
    found, rows = found[real], [row for row in rows if row["source"] != LESSONS]
    bad, weight = labels(rows), row_weights(rows)
    slope, offset = 1.0, 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(slope * found + offset)))
        error, curve = weight * (p - bad), weight * p * (1 - p) + 1e-9
        hessian = np.array([[curve @ found**2, curve @ found], [curve @ found, curve.sum()]])
        step = np.linalg.solve(hessian, np.array([error @ found, error.sum()]))
        slope, offset = slope - float(step[0]), offset - float(step[1])
    return slope, offset


def card(rows: list[Row]) -> str:
    """What the model was trained on and what it is not good for."""
    counts = Counter((row["source"], row["label"]) for row in rows)
    table = "\n".join(f"| {name} | {label} | {count:,} |"
                      for (name, label), count in sorted(counts.items()))  # fmt: skip
    return CARD.format(total=len(rows), table=table)


CARD = """# Card of the mail model

Made by `scripts/train_mail_model.py`; do not edit.

A logistic regression over words of subject, text, links and sender's name (pairs and beginnings of
words too), over topics and phrases in several languages, and over how a message is made
(`mail/classifier`). It says how much a message is like unwanted mail, as calibrated log-odds
where half of all messages are unwanted, and names the features that weigh most. What checks find
that honest mail shows as well now and then (a foreign company in the subject, answers that go
elsewhere) is a feature too, and has its own reason with its own share of the points.

## Data

{total:,} messages in their normalised view: headers that a collector added are taken out, addresses
and numbers are no features. The model holds weights of hashed words only, no text.

| source | label | messages |
| --- | --- | --- |
{table}

`lessons` are messages that we wrote ourselves (`scripts/mail_lessons.toml`) and that a script puts
together: the same notice once as the company sends it and once as a fake does, newsletters, orders,
statements, fraud and advertising in nine languages. Free collections have next to no phishing and
few notices of companies. Lessons teach and are never counted as a test.

The SpamAssassin public corpus and CSDMC2010 were posted for research, the mailing lists are public
archives, the rest is under free licences. `phishing_pot` is non-commercial: it tests the model
(benchmarks/MAIL.md) and never trained it.

## Limits

- Wanted mail in it is that of technical mailing lists and of some newsletters and notices, mostly
  English. Train it again on your own mail to fit yours.
- What a sender can add at will speaks against a message or not at all, with these exceptions, which
  newsletters need: many links and pictures, long texts, an unsubscribe header, a signature or
  Message-ID of the sender's own domain. A fake that copies a whole newsletter gains by them.
- A sender under an ending that costs next to nothing (`cheap_endings`) gains nothing by a
  signature, name or links of its own. The data has few honest senders there: put yours on the
  allow list.
- It judges text and form. It knows nothing of who is authentic; the other checks do.
- Figures, with every source judged by models that never saw it: benchmarks/MAIL.md.
"""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    rows = [row for row in load_rows(options.corpus) if row["source"] not in NOT_FREE]
    rows += load_lessons()
    samples = pack_rows(options.corpus, rows)
    write_model(samples, rows, options.out)


def write_model(samples: Samples, rows: list[Row], out: Path) -> None:
    """Train, calibrate on sources left out, and write the model beside its card."""
    weights = train(samples, labels(rows), row_weights(rows))
    slope, offset = calibrate(left_out_margins(samples, rows), rows)
    model = Model(weights[:-1].astype(np.float32), float(weights[-1]), slope, offset)
    (out / FILE).write_bytes(model_bytes(model))
    (out / "model-card.md").write_text(card(rows), encoding="utf-8")
    print(f"{len(rows):,} messages, slope {slope:.3f}, offset {offset:.3f}")


if __name__ == "__main__":
    main()
