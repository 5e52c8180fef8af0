"""What each measure counts, from when to when: printed on the page and in the table."""

from __future__ import annotations

DEFINITIONS: dict[str, tuple[str, str]] = {
    "days in draft": (
        "Days in draft",
        (
            "Versions of modules, claims, materials and templates that were first submitted "
            "in the period: from the version's beginning to that submission."
        ),
    ),
    "days in review": (
        "Days in review",
        (
            "Reviews that ended with a verdict in the period, each circulation by itself: from "
            "submission to the last verdict. What was taken back, ended by an edit, or is open "
            "does not count. A batch of materials signed at once does not count."
        ),
    ),
    "days to verdict": (
        "Days to verdict, by discipline",
        (
            "Verdicts signed in the period, batches included: from submission to that discipline's "
            "signature."
        ),
    ),
    "circulations": (
        "Circulations per approval",
        (
            "Versions approved in the period: how often each had been submitted until then, those "
            "taken back or ended by an edit included."
        ),
    ),
    "first pass": (
        "First-pass approval",
        "Of the versions approved in the period, the share approved on their first submission.",
    ),
    "reuse": (
        "Reuse of modules",
        (
            "Modules in versions of materials that were assembled in the period, in whatever state "
            "they are now. A module counts once for each material that holds it. Copies are those "
            "issued in the period."
        ),
    ),
    "never used": (
        "Approved and never used",
        (
            "Modules that stand approved today, and no material of any time holds any version of "
            "them. Materials that stand approved today, and of which no copy was ever made. The "
            "period does not matter."
        ),
    ),
    "expiring": (
        "Expiring",
        (
            "Versions that stand approved today and whose own last day comes within so many days. "
            "30 is part of 60, and 60 of 90. Ends of what they depend on are not counted here."
        ),
    ),
    "open": (
        "Open and overdue",
        (
            "Parts of reviews that wait for a verdict at this moment; overdue: the day has passed. "
            "The period does not matter."
        ),
    ),
    "copies": (
        "Copies issued",
        (
            "Numbered copies issued in the period, recalled ones included, those that failed to be "
            "made not; by the account's tier as it is today, and the material's role and phase."
        ),
    ),
}
PERCENTILES = (
    "The median is the smallest value that at least half of the cases do not exceed, the 90th "
    "percentile the smallest that nine of ten do not exceed; both are rounded to a tenth of a day "
    "of 24 hours, weekends included. Months are calendar months in UTC."
)
