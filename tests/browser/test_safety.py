"""Whatever a message holds, it stays words; and neither side's styles reach the other."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

ATTACKS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=2>",
    "<svg onload=window.hit=3><circle/></svg>",
    '"><iframe srcdoc="<script>parent.hit=4</script>">',
    "[click](javascript:window.hit=5)",
    "[click](JaVaScRiPt:window.hit=6)",
    "[click](java\nscript:window.hit=7)",
    "[click](data:text/html,<script>window.hit=8</script>)",
    "[click](vbscript:window.hit=9)",
    "![x](x onerror=window.hit=10)",
    "[https://bank.example](https://evil.example)",
    "[a](https://user@evil.example/)",
    "<a href='javascript:window.hit=11'>a</a>",
    "<style>*{display:none}</style>",
    "<form action='javascript:window.hit=12'><button>go</button></form>",
    "**<b onclick=window.hit=13>bold</b>**",
    "`<img src=x onerror=window.hit=14>`",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.hit=15>",
    "{{constructor.constructor('window.hit=16')()}}",
    "\u202egnp.exe\u202c <!--<img src=x onerror=window.hit=17>-->",
)


def test_a_page_of_attacks_is_inert(chat: ChatPage) -> None:
    requests: list[str] = []
    chat.page.on("request", lambda request: requests.append(request.url))
    chat.open()
    chat.say("go")
    chat.sees("Noted.")
    desk, conversation = chat.desk, chat.desk.only
    for attack in ATTACKS:
        bad = {"title": attack, "payload": attack}
        desk.say(
            conversation,
            text=attack,
            name=attack,
            buttons=[bad],
            cards=[{"title": attack, "subtitle": attack, "image": "javascript:window.hit=20", "buttons": [bad]}],
            citations=[
                {"entry_id": attack, "title": attack, "path": [attack, attack], "url": "javascript:window.hit=21"}
            ],
            image="https://tracker.example/pixel.gif",
            input={"kind": "orders", "orders": [{"number": attack, "title": attack}]},
        )
        desk.say(conversation, speaker="agent", name=attack, text=attack)
        desk.say(conversation, speaker="customer", text=attack)
        desk.say(conversation, speaker="system", text=attack, event="agent_joined", name=attack)
    chat.say("done")
    chat.sees("done")
    expect(chat.panel.locator(".message.system")).to_have_count(len(ATTACKS))

    assert chat.page.evaluate("window.hit") is None
    inside = "document.querySelector('frontdesk-chat').shadowRoot"
    foreign = "script, iframe, img[src*=pixel], img[onerror], object, embed, style, math, b, [onclick], [onload]"
    assert chat.page.evaluate(f"{inside}.querySelectorAll({foreign!r}).length") == 0
    links = chat.page.evaluate(f"[...{inside}.querySelectorAll('a')].map((a) => a.href)")
    assert all(link.startswith(("https://", "mailto:", "tel:", desk.url)) for link in links)
    assert not any("@" in link.partition("//")[2] or "evil" in link for link in links)
    assert [url for url in requests if not url.startswith((desk.url, "blob:"))] == []


def test_the_host_page_s_styles_and_the_chat_s_do_not_touch(chat: ChatPage) -> None:
    rules = (
        "* { color: red !important; font-size: 40px !important; display: block; }"
        " button { position: fixed; inset: 0; } frontdesk-chat { font-size: 3px; text-transform: uppercase; }"
    )
    measured = (
        "(e) => { const s = getComputedStyle(e); return [s.color, s.fontSize, s.position, s.textTransform, s.display] }"
    )
    heading = chat.page.get_by_role("heading", name="A shop")
    host_before = heading.evaluate(measured)
    chat.open()
    plain = chat.field.evaluate(measured)
    assert heading.evaluate(measured) == host_before

    # The page's policy forbids inline styles, so they come as a constructed sheet.
    adopt = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }"
    chat.page.evaluate(adopt, rules)

    assert heading.evaluate(measured) != host_before
    assert chat.field.evaluate(measured) == plain


def test_the_page_s_shortcuts_do_not_hear_what_is_typed(chat: ChatPage) -> None:
    chat.page.evaluate(
        "window.keys = []; for (const t of ['keydown', 'keyup']) addEventListener(t, (e) => keys.push(e.key))"
    )
    chat.open()
    chat.field.press_sequentially("a/?")

    assert chat.page.evaluate("keys") == []


def test_no_token_is_ever_in_an_address(chat: ChatPage) -> None:
    addresses: list[str] = []
    chat.page.on("request", lambda request: addresses.append(request.url))
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.page.reload()
    chat.sees("Noted.")

    assert addresses
    assert [address for address in addresses if chat.desk.only.token in address] == []


def test_the_chat_works_where_the_browser_forbids_storage(chat: ChatPage) -> None:
    forbid = (
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('no') } })"
    )
    chat.page.add_init_script(forbid)
    chat.visit()
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
