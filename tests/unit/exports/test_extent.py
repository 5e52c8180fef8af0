"""Pages and slides: estimated at once from the text, counted when a draft has been printed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exports import extent, operations, renditions
from exports.brand import Brand
from exports.copies import Press
from exports.models import MaterialVersion
from exports.validity import part_versions
from records.models import Errand
from tests.unit.exports.conftest import Library


def _of(library: Library, version: MaterialVersion) -> extent.Extent:
    found = extent.extent_of(library.session, version, part_versions(library.session, version))
    assert found is not None
    return found


def test_longer_texts_take_more_lines() -> None:
    line = "word " * 17
    assert extent.lines_of(line) < extent.lines_of(line * 3)
    assert extent.lines_of(f"{line}\n{line}") == extent.lines_of(line + line)
    assert extent.lines_of(f"{line}\n\n{line}") == 2 * extent.lines_of(line)
    assert extent.lines_of(f"- {line}\n- {line}") == 2 * extent.lines_of(f"- {line}")


def test_the_rule_below_a_tables_head_is_no_line() -> None:
    rows = "| Measure | Rate |\n| --- | --- |\n| Response | 57% |"
    assert extent.lines_of(rows) == 2 * extent.lines_of("| Response | 57% |")


@pytest.mark.parametrize(
    ("count", "measured", "most", "words"),
    [
        (4, False, None, "about 4 pages"),
        (1, True, None, "1 page"),
        (3, True, 2, "3 pages, at most 2"),
    ],
)
def test_in_words(count: int, measured: bool, most: int | None, words: str) -> None:
    assert extent.Extent(count, "page", measured=measured, most=most).words == words


def test_an_estimate_grows_with_what_is_added(library: Library) -> None:
    version = library.assemble()
    before = _of(library, version)
    body = "\n\n".join(["A line of neutral words about nothing at all. " * 8] * 20)
    library.module("HAL-M-099", body=f"## Long\n\n{body}")
    operations.add_part(library.session, version, "HAL-M-099", actor=library.writer)
    assert not before.measured
    assert _of(library, version).count > before.count


def test_a_draft_that_rests_is_counted_and_a_change_makes_it_an_estimate_again(
    library: Library, clock
) -> None:
    version, session = library.assemble(), library.session
    press = Press(Brand("Northlight"), "https://example.org")
    estimated = _of(library, version)
    renditions.render(session, version, format="pdf", press=press, actor=None)
    found = _of(library, version)
    assert found.measured
    assert abs(found.count - estimated.count) <= 1
    operations.remove_part(session, version, "HAL-M-002", actor=library.writer)
    assert not _of(library, version).measured


def test_only_the_last_of_several_changes_is_printed(library: Library) -> None:
    session, version = library.session, library.assemble()
    for code in ("HAL-M-002", "HAL-M-001"):
        operations.remove_part(session, version, code, actor=library.writer)
    asked = session.query(Errand).filter(Errand.job == extent.JOB).all()
    assert all(each.run_after - each.created_at >= timedelta(seconds=10) for each in asked)
    printed = []
    for each in asked:
        extent._count(session, **each.values)
        printed.append(session.query(Errand).filter(Errand.job == "exports.render").count())
    assert printed == [0, 1]
