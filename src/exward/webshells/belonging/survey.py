"""All web files of a scan judged together: builds, standings, counts, findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exward.model.coverage import WebFileCoverage
from exward.model.finding import Finding
from exward.webshells.belonging import context as about
from exward.webshells.belonging import leftovers, observations, owners, times
from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.builds import NOT_TOLD, Build, Named, build_of
from exward.webshells.belonging.context import Context
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.listing import Listed, Listing
from exward.webshells.belonging.places import Place, place_of
from exward.webshells.belonging.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Material:
    """What the reading brought.

    `findings` and `hints` are of code analysis: what is told anyway, and signs that count only in
    a file that does not belong. `paths`: what lies in web folders, readable or not. `listed`:
    what the lists of collections have.
    """

    files: Sequence[WebFile]
    findings: Sequence[Finding]
    hints: Sequence[Finding]
    named: Named
    paths: frozenset[str]
    listed: Sequence[Listed] = ()


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The findings on web files, with their context, and the counts for each installation."""

    findings: tuple[Finding, ...]
    coverage: tuple[WebFileCoverage, ...]


def survey(material: Material) -> Surveyed:
    """Judge the web files of a scan. The order of the files does not matter."""
    listing = Listing(material.listed)
    files = sorted(map(listing.completed, material.files), key=lambda one: one.path)
    served = [one for one in files if not one.virtual_path]
    alone = list(listing.without((*material.paths, *(one.path for one in files))))
    builds = _builds((*served, *alone), material.named)
    judged = {one.path: _judged(one, builds) for one in served}
    suspects = {one.evidence[0].file for one in (*material.findings, *material.hints)}
    say = times.newer(
        one.file
        for path, one in judged.items()
        if path not in suspects and not one.is_foreign
    )  # fmt: skip

    def whole(one: Context) -> Context:
        by = listing.installers(one.file.path)
        return replace(one, age=say(one.file), installers=by)

    contexts = {
        path: whole(one) for path, one in judged.items() if one.is_foreign or path in suspects
    }
    unseen = (whole(_judged(one, builds)) for one in alone if owners.is_web_server(one.owner))
    compiled = [one for one in files if one.virtual_path]
    there = (*material.paths, *(one.path for one in alone)) if compiled else ()
    return Surveyed(
        findings=(
            *_findings(material, contexts),
            *observations.not_collected(unseen),
            *leftovers.find(compiled, leftovers.present(there)),
        ),
        coverage=tuple(_counted(judged.values(), builds)),
    )


def _builds(files: Iterable[WebFile], named: Named) -> dict[str, Build]:
    """The build of each installation, by its root."""
    held: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in files:
        place = place_of(one.path)
        if place is not None and place.is_exchange and not place.build:
            held[place.root].append((place.stock_path, one.sha256))
    roots = sorted({*held, *named.folders})
    return {root: build_of(held[root], named.of(root), baseline()) for root in roots}


def _judged(file: WebFile, builds: dict[str, Build]) -> Context:
    place = place_of(file.path)
    build = builds.get(place.root, NOT_TOLD) if place is not None else NOT_TOLD
    return Context(file, place, standing_of(place, file.sha256, build), build, "")


def _findings(material: Material, contexts: dict[str, Context]) -> Iterator[Finding]:
    told = set()
    for finding in material.findings:
        context = contexts.get(finding.evidence[0].file)
        told.add(finding.evidence[0].file)
        yield about.told(finding, context) if context is not None else finding
    for hint in material.hints:
        path = hint.evidence[0].file
        context = contexts.get(path)
        if context is not None and context.is_foreign and path not in told:
            told.add(path)
            yield about.hinted(hint, context)
    yield from observations.observed(one for path, one in contexts.items() if path not in told)


def _counted(judged: Iterable[Context], builds: dict[str, Build]) -> Iterator[WebFileCoverage]:
    """The counts of each installation; those of files outside of any under the root ""."""
    counts: defaultdict[str, Counter[Standing]] = defaultdict(Counter)
    for one in judged:
        counts[_root(one.place)][one.standing] += 1
    for root in sorted(counts):
        build, own = builds.get(root, NOT_TOLD), counts[root]
        yield WebFileCoverage(
            root=root,
            build=build.name,
            told_by=build.told_by,
            known_good=own[Standing.KNOWN_GOOD],
            other_build=own[Standing.OTHER_BUILD],
            modified=own[Standing.MODIFIED],
            unknown=own[Standing.UNKNOWN],
            no_baseline=own[Standing.NO_BASELINE],
        )


def _root(place: Place | None) -> str:
    return place.root if place is not None and place.is_exchange else ""
