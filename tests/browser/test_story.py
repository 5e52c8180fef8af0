"""One module's way through real pages: drafted, signed by three, assembled, in a rep's hands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from cms import demo
from records.roles import StaffRole
from tests.browser.conftest import House

CODE, TITLE = "HAL-M-901", "Questions a committee asks"
SENTENCE = "The questions below are put together for one meeting."
TEXT = f"## {TITLE}\n\n{SENTENCE}\n\n[[claim:HAL-0005]]\n"
ACCOUNT = "DEMO-002"


def test_from_a_draft_to_a_download(
    enter: Callable[..., Page], house: House, tmp_path: Path
) -> None:
    writer = enter(StaffRole.WRITER)
    _draft(writer)
    _submit_module(writer)
    for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY):
        _sign(enter(role), CODE)
    writer.goto(f"/modules/{CODE}")
    expect(writer.locator("main")).to_contain_text("Approved 1.0")
    material = _assemble(writer)
    _sign(enter(StaffRole.REGULATORY), material)

    file = tmp_path / "copy.pdf"
    _download(enter(StaffRole.REP, width=390, height=844), material, file)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    assert SENTENCE in " ".join(" ".join(pages).split())
    assert "11.2 months" in " ".join(" ".join(pages).split())

    answer = _verify(file, house)
    assert answer.returncode == 0, answer.stderr
    _, _, about = answer.stdout.partition(f"{CODE}, version 1.0")
    told = about.splitlines()[1:4]
    assert [line.split(", ")[1] for line in told] == ["medical", "legal", "regulatory"], told
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert _verify(file, house).returncode == 1


@pytest.mark.parametrize("role", [StaffRole.WRITER, StaffRole.LIBRARIAN])
def test_nobody_without_a_verdict_is_offered_one(
    enter: Callable[..., Page], role: StaffRole
) -> None:
    page = enter(role)
    page.goto("/reviews")
    assert page.locator("a[data-choose=approve]").count() == 0


def _draft(page: Page) -> None:
    page.goto("/modules/new")
    page.get_by_label("Product").select_option("HALVORYN")
    page.get_by_label("Code").fill(CODE)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Message pillar").select_option("clinical-differentiation")
    page.get_by_role("button", name="Start the draft").click()
    page.locator(".cm-content").click()
    page.keyboard.insert_text(TEXT)
    for name, value in (
        ("phases", "evidence-review"),
        ("roles", "pharmacy-and-therapeutics"),
        ("tiers", "strategic"),
        ("channels", "brief"),
    ):
        page.locator(f"input[name={name}][value={value}]").check(force=True)
    page.locator("input[name=valid_until]").fill("2027-12-31")
    page.locator("input[name=requires]").fill("HAL-M-ISI, HAL-M-IND, HAL-M-FN-MER2")
    # the preview is the server's: the claim stands there in its approved words
    expect(page.locator("#print")).to_contain_text("11.2 months")
    page.locator("[data-save]").click()
    expect(page.locator("body")).to_contain_text("Saved")


def _submit_module(page: Page) -> None:
    page.goto(f"/modules/{CODE}/edit")
    page.get_by_role("link", name="Submit for review").first.click()
    page.get_by_role("button", name="Submit 0.1").click()
    expect(page.locator("main")).to_contain_text("In review")


def _sign(page: Page, code: str) -> None:
    """Read every change, then sign with the password."""
    page.goto("/reviews")
    page.locator("a[href*='/reviews/tasks/']").first.click()
    expect(page.locator("body")).to_contain_text(code)
    approve = page.locator("a[data-choose=approve]")
    page.locator("html.js").wait_for()
    approve.wait_for()
    page.wait_for_timeout(300)  # until the room has seen what is on screen
    for _ in range(300):
        if approve.get_attribute("aria-disabled") is None:
            break
        page.keyboard.press("j")
        page.wait_for_timeout(30)
    approve.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("input[name=password]").fill("not the password at all")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("password is not right")
    dialog.locator("input[name=password]").fill(demo.cast().password)
    dialog.locator("button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("Signed: approve")


def _assemble(page: Page) -> str:
    page.goto("/materials/new")
    page.get_by_label("Template").select_option("TPL-BRIEF-US")
    page.get_by_label("Account").fill(ACCOUNT)
    page.get_by_label("For which role").select_option("pharmacy-and-therapeutics")
    page.get_by_label("Journey phase").select_option("evidence-review")
    page.get_by_role("button", name="Assemble the draft").click()
    # the address is enough: the composer's preview is a page of its own, and loads when it can
    page.wait_for_url("**/compose", wait_until="commit", timeout=30_000)
    expect(page.locator("[data-slot]", has_text=CODE)).to_be_visible()
    material = page.url.split("/")[-2]
    page.get_by_role("link", name="Send to review").click()
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("In review")
    return material


def _download(page: Page, code: str, file: Path) -> None:
    page.get_by_role("link", name="Lakeshore").first.click()
    expect(page.locator("main")).to_contain_text(code)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Get").first.click()
    download.value.save_as(file)
    expect(page.locator("main")).to_contain_text("is yours")


def _verify(file: Path, house: House) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("clearcopy")), "verify", str(file)]
    environment = os.environ | {"CLEARCOPY_HOME": str(house.home)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
