"""What a label says of its product that rules ask for."""

from __future__ import annotations

from claims_library.compiling import ProductFacts
from claims_library.label_document import LabelDocument


def has_boxed_warning(label: LabelDocument) -> bool:
    """Whether the label carries a boxed warning."""
    return any(section.name == "boxed_warning" for section in label.sections)


def is_accelerated(label: LabelDocument) -> bool:
    """Whether the indications say so themselves (21 CFR 314.550, 601.45)."""
    return "accelerated approval" in label.text_of("indications_and_usage", "").casefold()


def facts_of(label: LabelDocument) -> ProductFacts:
    """The facts of the product a label is of."""
    return ProductFacts(
        label.brand_name,
        label.generic_name,
        boxed_warning=has_boxed_warning(label),
        accelerated_approval=is_accelerated(label),
    )
