"""Approved wording in a text: where it stands as approved, and where something near it stands.

A sentence passes only if its words are those of an approved wording, key by key, and what stands
around them in the sentence is a listed lead-in or pointer. Whatever else is near is compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claims_library import indexing, searching, surroundings
from claims_library.compiling import Library
from claims_library.explaining import finding_of, oddity_findings
from claims_library.findings import Finding, Match, Near, Piece, Sentence, Verdict
from claims_library.indexing import Shelf
from claims_library.nearing import Explained, Reader
from claims_library.placeholders import placed
from claims_library.segmenting import Sentence as Run
from claims_library.segmenting import sentences
from claims_library.tokens import Tokens, tokenise
from claims_library.turning import Turn, turned_runs

TITLE_WORDS = 5


@dataclass(slots=True)
class Reading:
    """What the core found in a text."""

    tokens: Tokens
    findings: list[Finding] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    text: str = ""

    @property
    def piece(self) -> Piece:
        return Piece(self.text, self.sentences, self.matches)


@dataclass(frozen=True, slots=True)
class Place:
    """An approved wording at tokens ``start``–``end``: wording ``w`` of a shelf."""

    start: int
    end: int
    wording: indexing.Wording
    shelf: int
    w: int


def read(text: str, library: Library) -> Reading:
    """Find approved wording in ``text`` and compare what is near it."""
    tokens = tokenise(text, known=library.words)
    reader = Reader(tokens, library)
    runs = sentences(tokens)
    places = exact_places(library.shelves, reader, library.dead)
    walk = _Walk(library, tokens, reader, runs, places)
    references = placed(tokens, runs, library)
    walk.go(references.tokens)
    reading = Reading(tokens, text=text)
    reading.findings += oddity_findings(tokens) + references.findings
    reading.findings += [
        finding
        for explained in walk.explained
        for finding in finding_of(explained, tokens, library)
    ]
    concealing = [oddity.end for oddity in tokens.oddities if oddity.kind == "concealed"]
    reading.matches = [
        Match(
            place.wording.claim,
            Verdict.VARIATION if place.wording.variation else Verdict.VERBATIM,
            tokens.starts[place.start],
            tokens.ends[place.end - 1],
            place.wording.variation,
            place.wording.passage,
        )
        for place in walk.accepted
        if not _is_concealed(concealing, tokens, tokens.starts[place.start])
    ]
    reading.matches = sorted(
        reading.matches + references.matches, key=lambda match: (match.start, match.end)
    )
    reading.sentences = walk.sentences()
    return reading


def _is_concealed(concealing: Sequence[int], tokens: Tokens, start: int) -> bool:
    """Whether a place is in an element that no reader sees: what is hidden approves nothing.

    Args:
        concealing: where the tags that hide end.
        tokens: the text.
        start: where the place begins.
    """
    at = bisect_right(concealing, start) - 1
    return at >= 0 and tokens.source.find("</", concealing[at], start) < 0


def exact_places(shelves: Sequence[Shelf], reader: Reader, dead: frozenset[str]) -> list[Place]:
    """Approved wordings that do not overlap; the longest first, then text before variation."""
    found: list[tuple[int, int, int, int, Place]] = []
    for shelf_at, shelf in enumerate(shelves):
        for start, end, w in searching.exact(
            shelf, reader.sights[shelf_at].ids, reader.tokens.marks
        ):
            wording = shelf.wordings[w]
            if wording.claim not in dead or shelf_at:
                rank = wording.passage * 1000 + min(wording.variation, 999)
                found.append((start - end, rank, start, w, Place(start, end, wording, shelf_at, w)))
    found.sort(key=lambda entry: entry[:4])
    taken = bytearray(len(reader.tokens))
    places = []
    for _, _, _, _, place in found:
        if not any(taken[place.start : place.end]) and _stands_alone(reader.tokens, place):
            taken[place.start : place.end] = b"\x01" * (place.end - place.start)
            places.append(place)
    return sorted(places, key=lambda place: place.start)


def _stands_alone(tokens: Tokens, place: Place) -> bool:
    """Whether no word or number goes on beyond the wording (``non-``, ``-like``, ``.5``)."""
    before, after = place.start - 1, place.end
    if before >= 0 and tokens.joined[place.start] and tokens.words[before] in {"-", "/", "'"}:
        return False
    return not (
        after < len(tokens)
        and tokens.joined[after]
        and tokens.words[after] in {"-", "/", "'", "%"}
        and after + 1 < len(tokens)
        and tokens.joined[after + 1]
    )


@dataclass(slots=True)
class _Walk:
    """One pass over the sentences. Places are spoken of by their index."""

    library: Library
    tokens: Tokens
    reader: Reader
    runs: list[Run]
    places: list[Place]
    accepted: list[Place] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    near: dict[int, Explained] = field(default_factory=dict)
    approved: bytearray = field(default_factory=bytearray)
    shared: set[int] = field(default_factory=set)
    inside: list[list[int]] = field(default_factory=list)
    across: list[list[int]] = field(default_factory=list)

    def go(self, references: Sequence[int] = ()) -> None:
        self.approved = bytearray(len(self.tokens))
        for at in references:
            self.approved[at] = 1
        self._lay_places()
        embedded = self._embedded()
        titles = {at for at in embedded if self._is_title(self.places[at])}
        if titles:
            # the words of a passage's title in a sentence that says more are no quotation of it
            self.places = [place for at, place in enumerate(self.places) if at not in titles]
            self._lay_places()
            embedded = self._embedded()
        said = {at for at, inside in enumerate(self.inside) if inside}
        turned = turned_runs(self.tokens, self.runs, said)
        for at, place in enumerate(self.places):
            if at not in embedded:
                self._pass(at, place, turned)
        done = -1
        for run in range(len(self.runs)):
            if run > done:
                done = self._explain(run, embedded)

    def _is_title(self, place: Place) -> bool:
        kinds = self.tokens.kinds[place.start : place.end]
        return place.wording.passage and len(kinds) - kinds.count("s") <= TITLE_WORDS

    def _lay_places(self) -> None:
        """Which places stand in each sentence, and which sentences each place stands in."""
        self.inside = [[] for _ in self.runs]
        self.across = [[] for _ in self.places]
        starts = [run.start for run in self.runs]
        for index, place in enumerate(self.places):
            at = bisect_right(starts, place.start) - 1
            while at < len(self.runs) and self.runs[at].start < place.end:
                self.inside[at].append(index)
                self.across[index].append(at)
                at += 1

    def _pass(self, index: int, place: Place, turned: dict[int, Turn]) -> None:
        """Let an approved wording stand, unless the sentence before or after takes it back."""
        turn = next((turned[at] for at in self.across[index] if at in turned), None)
        if turn is not None:
            found = self.reader.turned(place.shelf, place.w, place, turn.reason)
            self.explained.append(replace(found, verdicts=(turn.verdict,)))
        else:
            self.accepted.append(place)
        self._cover(index, place)

    def _cover(self, index: int, place: Place, *, alone: bool = True) -> None:
        """Mark approved words; the lead-ins and pointers around them need no approval."""
        self.approved[place.start : place.end] = b"\x01" * (place.end - place.start)
        for at in self.across[index]:
            run = self.runs[at]
            if alone and at not in self.shared:
                self.approved[run.start : run.end] = b"\x01" * (run.end - run.start)

    def _embedded(self) -> set[int]:
        """Wordings in whose sentence something stands that is no listed lead-in or pointer.

        Of several in one sentence either all stand or none.
        """
        bad = [at for at, inside in enumerate(self.inside) if inside and not self._neutral(at)]
        embedded: set[int] = set()
        seen = set(bad)
        while bad:
            for index in self.inside[bad.pop()]:
                embedded.add(index)
                bad += [at for at in self.across[index] if at not in seen]
                seen.update(self.across[index])
        return embedded

    def _neutral(self, at: int) -> bool:
        """Whether all of a sentence that is no approved wording leaves it as approved."""
        run, words = self.runs[at], self.tokens.words
        end = run.start
        for n, index in enumerate(self.inside[at]):
            place = self.places[index]
            between = words[end : max(place.start, end)]
            fine = surroundings.neutral_between(between) if n else self._leads_in(between, place)
            if not fine:
                if not self._is_another_claim(end, place.start, after=bool(n)):
                    return False
                self.shared.add(at)
            end = place.end
        rest = words[end : run.end]
        if surroundings.neutral_after(rest):
            return True
        self.shared.add(at)
        return self._is_another_claim(end, run.end, after=True)

    def _leads_in(self, words: list[str], place: Place) -> bool:
        if not words:
            return True
        own = self.library.view(place.shelf, place.w).side.words
        return surroundings.neutral_before(words, self.library.names, own)

    def _is_another_claim(self, start: int, end: int, *, after: bool) -> bool:
        """Whether a clause beside a wording is a (changed) claim of its own, that says no more."""
        words = self.tokens.words[start:end]
        return surroundings.is_clause(words, after=after) and self.reader.another(start, end)

    def _explain(self, at: int, embedded: set[int]) -> int:
        """Compare what of a sentence is not approved; return the last sentence that is done."""
        run = self.runs[at]
        if all(self.approved[run.start : run.end]):
            return at
        held = [index for index in self.inside[at] if index in embedded]
        if held:
            last = max(max(self.across[index]) for index in held)
            found = self._forced(held, at, last)
        else:
            spans = self.reader.explain(self.runs, at, self.approved)
            found, last = spans.explained, spans.last
        self.explained += [entry for entry in found if entry.verdicts]
        for index in range(at, last + 1):
            if found:
                self.near[index] = found[0]
        return last

    def _forced(self, held: list[int], first: int, last: int) -> list[Explained]:
        """A sentence with approved wording and more: it cannot pass, whatever it is nearest to."""
        longest = min(held, key=lambda i: (self.places[i].start - self.places[i].end, i))
        place = self.places[longest]
        start, end = self.runs[first].start, self.runs[last].end
        found = self.reader.forced((place.shelf, place.w), start, end)
        verdicts = {verdict for entry in found for verdict in entry.verdicts}
        if not verdicts:
            return [self.reader.embedded(place.shelf, place.w, start, end)]
        if Verdict.POLARITY_FLIPPED not in verdicts:
            for entry in found:
                if not entry.verdicts:
                    self._accept_within(held, entry)
        return found

    def _accept_within(self, held: list[int], entry: Explained) -> None:
        for index in held:
            place = self.places[index]
            if entry.start <= place.start and place.end <= entry.end:
                self.accepted.append(place)
                self._cover(index, place, alone=False)

    def sentences(self) -> list[Sentence]:
        return [self._sentence(index, run) for index, run in enumerate(self.runs)]

    def _sentence(self, index: int, run: Run) -> Sentence:
        tokens = self.tokens
        start, end = tokens.starts[run.start], tokens.ends[run.end - 1]
        explained = self.near.get(index)
        return Sentence(
            text=tokens.source[start:end],
            start=start,
            end=end,
            words=tokens.words[run.start : run.end],
            starts=tokens.starts[run.start : run.end],
            ends=tokens.ends[run.start : run.end],
            kinds=tokens.kinds[run.start : run.end],
            approved=[bool(flag) for flag in self.approved[run.start : run.end]],
            heading=run.heading,
            item=run.item,
            cell=run.cell,
            near=_near(explained) if explained and explained.verdicts else None,
        )


def _near(explained: Explained) -> Near:
    wording = explained.wording
    return Near(wording.claim, wording.variation, explained.likeness, explained.added)
