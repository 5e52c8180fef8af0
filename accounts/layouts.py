"""The columns of the account files we read, and how each becomes an account.

``CLEARCOPY`` is our own format. The other two are public files of hospitals in the United States,
recognised by their headers, so that they can be imported as they were downloaded:

| file | id | name | type | city | state | beds |
| --- | --- | --- | --- | --- | --- | --- |
| ours | account_id | name | type | city | state | beds |
| HIFLD "Hospitals" | ID | NAME | TYPE | CITY | STATE | BEDS |
| CovidCareMap | HIFLD-ID, else CCM_ID | Name | Hospital Type | City | State | Staffed All Beds |

Every other column is kept as a fact under its own name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

HIFLD_DIGITS = 10


@dataclass(frozen=True)
class Layout:
    """One file format: our field names by their column, and what marks the format.

    ``unknown`` are values that stand for "not known" in this format; ``account_id`` makes the
    lasting id from a row where one column alone does not.
    """

    name: str
    columns: Mapping[str, str]
    unknown: frozenset[str] = frozenset()
    account_id: Callable[[Mapping[str, str]], str] | None = None
    marks: tuple[str, ...] = field(default=())

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a file with this header is in this format."""
        wanted = self.marks or tuple(
            column for column, name in self.columns.items() if name in ("account_id", "name")
        )
        return all(column in header for column in wanted)


def _hifld_or_own(row: Mapping[str, str]) -> str:
    """The national id with the zeros a spreadsheet cut off, else the file's own id."""
    national = row.get("HIFLD-ID", "")
    return national.zfill(HIFLD_DIGITS) if national.isdigit() else row.get("CCM_ID", "")


CLEARCOPY = Layout(
    "Clearcopy accounts",
    {
        name: name
        for name in (
            "account_id",
            "name",
            "type",
            "city",
            "state",
            "beds",
            "care_setting",
            "tier",
            "journey_phase",
        )
    },
)
HIFLD = Layout(
    "HIFLD hospitals",
    {
        "ID": "account_id",
        "NAME": "name",
        "TYPE": "type",
        "CITY": "city",
        "STATE": "state",
        "BEDS": "beds",
    },
    unknown=frozenset({"NOT AVAILABLE", "-999"}),
    marks=("ID", "NAME", "STATE"),
)
COVIDCAREMAP = Layout(
    "CovidCareMap facilities",
    {
        "CCM_ID": "account_id",
        "Name": "name",
        "Hospital Type": "type",
        "City": "city",
        "State": "state",
        "Staffed All Beds": "beds",
    },
    unknown=frozenset({"NaN"}),
    account_id=_hifld_or_own,
    marks=("CCM_ID", "Name", "Hospital Type"),
)
LAYOUTS = (CLEARCOPY, HIFLD, COVIDCAREMAP)

# What a facility's type says about where care happens; other types say nothing for certain.
CARE_SETTINGS: Mapping[str, str] = {
    "general acute care": "acute care hospital",
    "critical access": "critical access hospital",
    "psychiatric": "psychiatric hospital",
    "long term care": "long-term care hospital",
    "rehabilitation": "rehabilitation hospital",
    "children": "children's hospital",
    "special": "specialty hospital",
    "military": "military hospital",
    "women": "women's hospital",
    "chronic disease": "long-term care hospital",
    "academic medical center": "academic medical center",
    "cancer center": "cancer center",
    "community oncology": "community oncology practice",
    "infusion center": "infusion center",
    "health plan": "health plan",
    "payer": "health plan",
}


def care_setting_of(type: str) -> str:
    """The care setting a type stands for, or nothing."""
    return CARE_SETTINGS.get(" ".join(type.casefold().replace("-", " ").split()), "")


def layout_of(header: Sequence[str]) -> Layout | None:
    """The format a header belongs to."""
    return next((layout for layout in LAYOUTS if layout.fits(header)), None)
