"""Browsers as they are: a detector that works, one that throws, WeChat on an iPhone, and what installs as an app."""

from __future__ import annotations

import io

import pytest
from boarding.stand import Stand, join
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from charter.app import create_app

WORKS = """
window.BarcodeDetector = class {
  async detect(frame) {
    window.asked = (window.asked ?? 0) + 1;
    const known = document.getElementById("known-picture");
    if (frame.width === 490) return [{ rawValue: known.dataset.text }];
    return window.seen ? [{ rawValue: window.seen }] : [];
  }
};"""
THROWS = "window.BarcodeDetector = class { async detect() { throw new Error('no service'); } };"
GUESSES = "window.BarcodeDetector = class { async detect() { return [{ rawValue: 'something else' }]; } };"
WECHAT = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN")


def fetched(page: Page) -> bool:
    """Whether the page went for the decoder of its own."""
    return bool(page.evaluate("() => performance.getEntriesByType('resource').some((one) => "
                              "one.name.endsWith('zxing_reader.wasm') && one.initiatorType === 'fetch')"))


@pytest.mark.browser
def test_a_detector_that_decodes_the_known_picture_is_used(stand: Stand, blind: BrowserContext) -> None:
    blind.add_init_script(WORKS)
    page = join(blind, stand)
    page.evaluate("(text) => (window.seen = text)", stand.text(stand.people[0]))
    expect(page.locator("#verdict-person")).to_have_text("张建国 0023")
    assert page.evaluate("window.asked") >= 3
    assert not fetched(page)


@pytest.mark.browser
@pytest.mark.parametrize("broken", [THROWS, GUESSES], ids=["throws", "guesses"])
def test_a_detector_that_does_not_is_left_for_our_own(stand: Stand, blind: BrowserContext, broken: str) -> None:
    blind.add_init_script(broken)
    page = join(blind, stand)
    assert fetched(page)
    assert page.locator("#light-camera").get_attribute("data-light") == "go"


@pytest.mark.browser
def test_wechat_on_an_iphone_is_sent_to_safari_and_the_invitation_stays_good(stand: Stand,
                                                                             blind: BrowserContext) -> None:
    browser = blind.browser
    assert browser
    page = browser.new_context(user_agent=WECHAT, locale="zh-CN").new_page()
    link = stand.link()
    page.goto(link)
    expect(page.locator("#message-title")).to_have_text("请用 Safari 打开")
    page = blind.new_page()
    page.goto(link)
    page.wait_for_selector("#ready:not([hidden])")


def test_the_scanner_installs_as_an_app(database: str) -> None:
    client = create_app(propagate_faults=True).test_client()
    app = client.get("/scan/app.webmanifest").json
    assert app
    assert (app["start_url"], app["scope"], app["display"]) == ("/scan/", "/scan/", "standalone")
    for icon in app["icons"]:
        with client.get(icon["src"]) as answer:
            picture = Image.open(io.BytesIO(answer.data))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    worker = client.get("/scan/worker.js").text
    shell = [part.strip('"') for part in worker.split("const SHELL = [")[1].split("]")[0].split(", ")]
    assert "/scan/" in shell
    for path in shell:
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    assert not any("/api/" in path for path in shell)
