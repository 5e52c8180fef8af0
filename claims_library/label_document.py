"""A product label as plain data: what is known of it, and its sections in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LabelSection:
    """One section or numbered subsection, with its own text only (not that of its subsections).

    ``name`` is the openFDA name (a subsection without one of its own has its section's name),
    ``code`` the LOINC code or ``""``, ``number`` is ``""``, ``"14"`` or ``"14.1"``. Where there is
    a heading, the first paragraph is that heading, number included, as it stands in the source.
    Cells of a table row are separated by tabs.
    """

    code: str
    name: str
    title: str
    number: str
    position: int
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class LabelDocument:
    """One version of a product's label, as read from a file."""

    set_id: str
    version: int
    effective: date
    brand_name: str
    generic_name: str
    manufacturer: str
    application_number: str
    source_sha256: str
    kind: str
    sections: tuple[LabelSection, ...]

    def parts_of(self, name: str, number: str) -> tuple[LabelSection, ...]:
        """Return the section and its numbered subsections, in order; empty if there is none.

        Args:
            name: openFDA name of the section or of the section it is a part of; may be ``""``.
            number: ``"14"``, ``"14.1"`` or ``""``.
        """
        return parts_of(self.sections, name, number)

    def text_of(self, name: str, number: str) -> str:
        """Return the text of a section with its subsections, as anchors count it."""
        return "\n".join(part.text for part in self.parts_of(name, number))


def parts_of(
    sections: tuple[LabelSection, ...], name: str, number: str
) -> tuple[LabelSection, ...]:
    """Return the named sections together with everything numbered below them."""
    roots = {s.number for s in sections if s.number and name in ("", s.name)}
    return tuple(
        section
        for section in sections
        if (name in ("", section.name) or _below(section.number, roots))
        and (not number or _below(section.number, {number}))
    )


def _below(number: str, roots: set[str]) -> bool:
    steps = number.split(".")
    return any(".".join(steps[: i + 1]) in roots for i in range(len(steps)))
