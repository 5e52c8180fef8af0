"""A library without its wordings: approved text is recognised by salted hashes, and cannot be read.

For people outside who may check but not see what is approved. A hash is of the keys that matching
compares (``tokens``), so typography does not matter and everything else does. What a text has of
the approved wordings is in the text itself: a small library is compiled of it and the usual check
runs. Nothing says what an altered wording is near to; it is judged as any other sentence.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from claims_library import indexing, shelving
from claims_library.compiling import (
    ClaimText,
    Library,
    Passage,
    ProductFacts,
    Scope,
    compile_library,
    wordings_of,
)
from claims_library.label_document import LabelDocument
from claims_library.tokens import Tokens, tokenise

LARGEST = 1 << 29
_SIZE = 16
_KEPT = ("code", "type", "companions", "audiences", "channels", "markets")


@dataclass(frozen=True, slots=True)
class Hashed:
    """One wording: whose it is, and the marks a text must have where it has them."""

    claim: str
    variation: int
    passage: bool
    marks: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class HashedLibrary:
    """What :func:`hashed` makes of a library; ``claims`` have no wording."""

    product: ProductFacts
    claims: Mapping[str, ClaimText]
    passages: tuple[str, ...]
    label: LabelDocument | None
    packs: tuple[str, ...]
    salt: bytes
    wordings: Mapping[bytes, Hashed]
    lengths: frozenset[int]
    scope: Scope

    def restricted(self, claims: Iterable[ClaimText], scope: Scope) -> HashedLibrary:
        """The same with some of its claims, for one use."""
        kept = {claim.code: claim for claim in claims}
        wordings = {
            digest: own for digest, own in self.wordings.items() if own.passage or own.claim in kept
        }
        return replace(self, claims=kept, wordings=wordings, scope=scope)

    def read(self, text: str) -> Library:
        """The library of those approved wordings that stand in ``text``."""
        wordings: dict[str, dict[int, str]] = {code: {} for code in self.claims}
        passages: dict[str, dict[str, None]] = {code: {} for code in self.passages}
        for own, words in self._found(tokenise(text)):
            if own.passage:
                passages[own.claim][words] = None
            else:
                wordings[own.claim].setdefault(own.variation, words)
        library = compile_library(
            self.product,
            [_with_wordings(self.claims[code], found) for code, found in wordings.items()],
            label=self.label,
            passages=[Passage(code, "\n\n".join(found)) for code, found in passages.items()],
            scope=self.scope,
            packs=self.packs,
        )
        return replace(library, partial=True)

    def _found(self, tokens: Tokens) -> Iterator[tuple[Hashed, str]]:
        """Each approved wording in a text with its words; those without marks come first."""
        places = list(self._places(tokens))
        places.sort(key=lambda place: _marked(tokens, place[0], place[1]))
        for start, end, own in places:
            given = tokens.text(start, end)
            for words in (given, " ".join(given.split())):
                if tokenise(words).keys == tokens.keys[start:end]:
                    yield own, words
                    break

    def _places(self, tokens: Tokens) -> Iterator[tuple[int, int, Hashed]]:
        keys = [_framed(key) for key in tokens.keys]
        longest = max(self.lengths, default=0)
        for start in range(len(keys)):
            digest = _begun(self.salt)
            for end in range(start + 1, min(len(keys), start + longest) + 1):
                digest.update(keys[end - 1])
                if end - start not in self.lengths:
                    continue
                own = self.wordings.get(digest.copy().digest())
                if own and all(tokens.marks.get(start + at) == m for at, m in own.marks.items()):
                    yield start, end, own


def hashed(library: Library) -> HashedLibrary:
    """A library's wordings as hashes; the same library gives the same hashes."""
    salt = hashlib.sha256(shelving.dump(library)).digest()[:_SIZE]
    wordings: dict[bytes, Hashed] = {}
    lengths: set[int] = set()
    for wording in wordings_of(library.claims.values(), library.passages):
        tokens = tokenise(wording.text)
        keys = [tokens.keys[at] for at in indexing.content(tokens)]
        lengths.add(len(keys))
        own = Hashed(wording.claim, wording.variation, wording.passage, tokens.marks)
        wordings.setdefault(_digest(salt, keys), own)
    return HashedLibrary(
        library.product,
        {code: _bare(claim) for code, claim in library.claims.items()},
        tuple(passage.code for passage in library.passages),
        library.label,
        library.packs,
        salt,
        wordings,
        frozenset(lengths),
        library.scope,
    )


def dump(library: HashedLibrary) -> bytes:
    """The library as bytes."""
    label = library.label
    content = {
        "product": asdict(library.product),
        "claims": [[getattr(claim, name) for name in _KEPT] for claim in library.claims.values()],
        "passages": library.passages,
        "label": label and {**asdict(label), "effective": label.effective.isoformat()},
        "packs": library.packs,
        "salt": library.salt.hex(),
        "lengths": sorted(library.lengths),
        "wordings": [
            [digest.hex(), own.claim, own.variation, own.passage, sorted(own.marks.items())]
            for digest, own in sorted(library.wordings.items())
        ],
    }
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(plain.encode(), 9)


def load(data: bytes) -> HashedLibrary:
    """Read what :func:`dump` wrote.

    Raises:
        UnreadableLibrary: it is something else, or of another version.
    """
    try:
        content: dict[str, Any] = json.loads(zlib.decompressobj().decompress(data, LARGEST))
        claims = [_claim(values) for values in content["claims"]]
        return HashedLibrary(
            ProductFacts(**content["product"]),
            {claim.code: claim for claim in claims},
            tuple(content["passages"]),
            shelving.label_of(content["label"]),
            tuple(content["packs"]),
            bytes.fromhex(content["salt"]),
            {
                bytes.fromhex(digest): Hashed(claim, number, passage, dict(marks))
                for digest, claim, number, passage, marks in content["wordings"]
            },
            frozenset(content["lengths"]),
            Scope(),
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise shelving.UnreadableLibrary("This library cannot be read; build it again.") from error


def _claim(values: Sequence[Any]) -> ClaimText:
    plain = [tuple(value) if isinstance(value, list) else value for value in values]
    fields: dict[str, Any] = dict(zip(_KEPT, plain, strict=True))
    return ClaimText(text="", **fields)


def _bare(claim: ClaimText) -> ClaimText:
    """A claim without anything that tells its wording."""
    fields: dict[str, Any] = {name: getattr(claim, name) for name in _KEPT}
    return ClaimText(text="", **fields)


def _with_wordings(claim: ClaimText, found: Mapping[int, str]) -> ClaimText:
    """A claim with the wordings found; those that were not stay empty and match nothing."""
    most = max(found, default=0)
    variations = tuple(found.get(number, "") for number in range(1, most + 1))
    return replace(claim, text=found.get(0, ""), variations=variations)


def _marked(tokens: Tokens, start: int, end: int) -> int:
    return sum(start <= at < end for at in tokens.marks)


def _digest(salt: bytes, keys: Sequence[str]) -> bytes:
    digest = _begun(salt)
    for key in keys:
        digest.update(_framed(key))
    return digest.digest()


def _begun(salt: bytes) -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=_SIZE, salt=salt, person=b"clearcopy-claim")


def _framed(key: str) -> bytes:
    data = key.encode()
    return len(data).to_bytes(4, "little") + data
