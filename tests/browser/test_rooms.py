"""What people do by hand and by key in the editor, the review room and the composer."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from cms import demo
from records.roles import StaffRole

CODE = "HAL-M-004"
CHANGED = (
    "In MERIDIAN-2, median overall survival was 25.7 months (95% CI: 20.8, 29.6) with HALVORYN "
    "vs 18.1 months (95% CI: 14.6, 22.7) with docetaxel in previously treated patients (HR 0.71; "
    "95% CI: 0.52, 0.97; p = 0.030)."
)
WORDS = "The follow-up is told in the study note."


def _write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f"\n\n{text}")


def test_an_altered_number_is_shown_beside_the_approved_one_and_fixed_by_one_key(
    enter: Callable[..., Page],
) -> None:
    page = enter(StaffRole.WRITER)
    page.goto("/modules/HAL-M-001/edit")
    _write(page, CHANGED)
    found = page.locator("[data-findings] .linkbtn", has_text="Number changed")
    found.click()
    card = page.locator(".cm-tooltip-lint .card", has_text="HAL-0006")
    expect(card.locator("del")).to_have_text("25.7")
    expect(card.locator("ins")).to_have_text("24.7")
    expect(card).to_contain_text("Label 06")
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".cm-content")).to_contain_text("[[claim:HAL-0006]]")
    expect(page.locator(".cm-content")).not_to_contain_text("25.7")
    page.keyboard.type("\n\n[[hepato")
    offered = page.locator(".cm-tooltip-autocomplete li[aria-selected]", has_text="HAL-0021")
    offered.wait_for()
    page.wait_for_timeout(200)  # a list that has only just opened takes no key yet
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("[[claim:HAL-0021]]")
    # typed over a selection, which the content policy must bear
    page.keyboard.press("Control+a")
    page.keyboard.type("Nothing is left.")
    expect(page.locator(".cm-content")).to_have_text("Nothing is left.")


def test_two_writers_lose_nothing(enter: Callable[..., Page]) -> None:
    first, second = enter(StaffRole.WRITER), enter(StaffRole.WRITER, nth=1)
    for page in (first, second):
        page.goto("/modules/HAL-M-008/edit")
        page.locator(".cm-content").wait_for()
    _write(first, "Mine came first.")
    first.keyboard.press("Control+s")
    expect(first.locator("[data-save-status]")).to_contain_text("Saved")
    _write(second, "Mine came second.")
    second.locator("[data-save]").click()
    expect(second.locator("main")).to_contain_text("Nothing was overwritten")
    both = second.get_by_role("group", name="Both texts")
    expect(both).to_contain_text("Mine came first.")
    expect(both).to_contain_text("Mine came second.")
    expect(second.locator(".cm-content")).to_contain_text("Mine came second.")


def test_words_are_annotated_and_the_way_back_stays_free(enter: Callable[..., Page]) -> None:
    writer = enter(StaffRole.WRITER)
    writer.goto(f"/modules/{CODE}/edit")
    _write(writer, WORDS)
    writer.keyboard.press("Control+s")
    writer.get_by_role("link", name="Submit for review").first.click()
    writer.get_by_role("button", name="Submit 1.1").click()
    expect(writer.locator("main")).to_contain_text("With them now")

    page = enter(StaffRole.MEDICAL)
    page.goto("/reviews")
    page.locator("a[href*='/reviews/tasks/']").first.click()
    page.locator("html.js").wait_for()
    page.locator(".change", has_text=WORDS).focus()
    page.keyboard.press("c")
    expect(page.locator("#annotate-quote")).to_have_value(WORDS)
    page.locator("#annotate input[value=must-fix]").check()
    page.locator("#annotate-text").fill("Say for how long.")
    page.get_by_role("button", name="Write it").dblclick()
    thread = page.locator(".anno", has_text="Say for how long.")
    expect(thread).to_have_count(1)

    room = page.url
    _open_signing(page)
    dialog = page.locator("dialog#sign")
    _sign(page, demo.cast().password)
    expect(dialog).to_contain_text("something must be fixed")
    assert page.url == room
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()

    writer.goto(f"/modules/{CODE}/edit")
    expect(writer.locator("#findings")).to_contain_text("Say for how long.")
    thread.get_by_role("button", name="Settle").click()
    expect(page.locator(".anno")).to_contain_text("settled")
    _open_signing(page)
    _sign(page, "not the password at all")
    expect(dialog).to_contain_text("password is not right")
    dialog.locator("textarea[name=comment]").fill("Words that are not lost.")
    _sign_in_again(page, lambda: _sign(page, demo.cast().password))
    dialog.locator("button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("Signed: approve")
    expect(page.locator("main")).to_contain_text("Words that are not lost.")
    page.go_back()
    expect(page).to_have_url(re.compile("/reviews"))
    expect(page.locator("body")).not_to_contain_text("resubmi")


def _sign_in_again(page: Page, send: Callable[[], None]) -> None:
    """The session ends while a dialog is open: one signs in in another tab and goes on."""
    email = demo.cast().email(StaffRole.MEDICAL)
    page.context.clear_cookies()
    send()
    notice = page.locator("dialog#refusal")
    expect(notice).to_contain_text("You were signed out")
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Sign in").click()
    tab = opened.value
    tab.fill("input[name=email]", email)
    tab.fill("input[name=password]", demo.cast().password)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(lambda address: "/sign-in" not in address)
    tab.close()
    notice.get_by_role("button", name="Close").click()


def _sign(page: Page, password: str) -> None:
    dialog = page.locator("dialog#sign")
    dialog.locator("input[name=password]").fill(password)
    dialog.locator("button[type=submit]").dblclick()


def _open_signing(page: Page) -> None:
    page.locator("html.js").wait_for()  # before that, the link only shows the dialog
    approve = page.locator("a[data-choose=approve]")
    for _ in range(300):
        if approve.get_attribute("aria-disabled") is None:
            break
        page.keyboard.press("j")
        page.wait_for_timeout(30)
    approve.click()


def test_keys_work_at_once_and_times_are_the_readers(enter: Callable[..., Page]) -> None:
    page = enter(StaffRole.WRITER)
    page.goto("/library")
    page.locator("html.js").wait_for()
    page.keyboard.press("j")
    expect(page.locator(".row.at")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/modules/"))
    page.goto("/library")
    page.get_by_text("Ines Aguilar").first.click()
    expect(page.locator(".menu-body")).to_contain_text(re.compile("Times in E[SD]T"))


def test_a_drop_on_another_place_of_the_template_is_refused_with_the_reason(
    enter: Callable[..., Page],
) -> None:
    page = enter(StaffRole.WRITER)
    page.goto("/materials/new")
    page.get_by_label("Template").select_option("TPL-BRIEF-US")
    page.get_by_label("Account").fill("DEMO-003")
    page.get_by_label("For which role").select_option("pharmacy-and-therapeutics")
    page.get_by_label("Journey phase").select_option("evidence-review")
    page.get_by_role("button", name="Look first").click()
    expect(page.locator("main")).to_contain_text("would be proposed")
    assert "csrf_token" not in page.url
    page.get_by_role("button", name="Assemble the draft").click()
    page.wait_for_url("**/compose", wait_until="commit", timeout=30_000)
    order = page.locator("[data-order] [data-slot]")
    page.locator("[data-slot][draggable=true]").first.wait_for()
    before = order.evaluate_all("slots => slots.map(slot => slot.dataset.slot)")
    page.drag_and_drop("[data-slot='HAL-M-012']", "[data-slot='HAL-M-021']")
    expect(page.locator("#order")).to_contain_text("cannot stand where HAL-M-021 stands")
    assert order.evaluate_all("slots => slots.map(slot => slot.dataset.slot)") == before
    page.locator("[data-slot='HAL-M-005'] button[name=down]").focus()
    page.keyboard.press("Alt+ArrowDown")
    place = before.index("HAL-M-005")
    swapped = [*before[:place], before[place + 1], "HAL-M-005", *before[place + 2 :]]
    expect(order.nth(place + 1)).to_have_attribute("data-slot", "HAL-M-005")
    assert order.evaluate_all("slots => slots.map(slot => slot.dataset.slot)") == swapped
