#!/usr/bin/env python3
"""Looks at the pages of a run in headless Chromium, as a reader would, and says what a reader would stumble over.

    tools/look_at_pages.py results/reference/quick [--pictures FOLDER] [--only index.html]

Needs Chromium (or Chrome) and nothing else: it is spoken to over a pipe, so no driver and no network. Checked, page by page:

* no element reaches beyond the window at 390, 768 and 1200 pixels, but inside a box that scrolls by itself;
* text stands out from its ground by a ratio of at least 4.5 (3 for large letters), in the light and in the dark scheme;
* at most 15 windows of 800 pixels at 1200, tables folded; at most 2 MB; loaded within a second;
* headings go down one level at a time, pictures have words, identifiers are unique;
* a chart's values are read by arrow keys and by the pointer, a slider shows one row, a click enlarges, Escape closes;
* all pages together print on at most 40 sheets.

With --pictures, every page is also kept as a picture at the three widths, in both schemes, and in print. Exit 1 if anything is wrong.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTHS = (390, 768, 1200)
HEIGHT = 800
MOST_SCREENS = 15
MOST_BYTES = 2_000_000
MOST_MILLISECONDS = 1000
MOST_SHEETS = 40


class Browser:
    """Chromium behind a pipe: messages of JSON, each ended by a zero byte."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="pages-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def as_three_and_four():
            # The browser reads from 3 and writes to 4. First out of the way, so that neither overwrites the other.
            read, write = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
             "--allow-file-access-from-files", f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=as_three_and_four, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.read, self.write = ours_in, ours_out
        self.rest, self.number, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.read, 1 << 16)
            if not more:
                raise RuntimeError("the browser has gone")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        asked = {"id": self.number, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        os.write(self.write, json.dumps(asked).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def open(self, address):
        self.events.clear()
        self.call("Page.navigate", url=address)
        while not any(one.get("method") == "Page.loadEventFired" for one in self.events):
            self.events.append(self.message())

    def run(self, script):
        """The value of an expression."""
        given = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in given:
            raise RuntimeError(given["exceptionDetails"].get("exception", {}).get("description", "a script failed"))
        return given["result"].get("value")

    def size(self, width, height=HEIGHT):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            code = {"Escape": 27, "ArrowRight": 39, "ArrowDown": 40}[name]
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code)

    def pointer(self, kind, x, y):
        button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def picture(self, path):
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def print(self):
        return base64.b64decode(self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)["data"])

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


# Every element that ends beyond the window and lies in no box that scrolls or cuts by itself.
BEYOND = r"""
(() => {
  const held = one => {
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) { return true; }
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && one.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1) && !held(one);
  });
  const name = one => one.tagName.toLowerCase() + (one.className ? '.' + one.className : '') + ' ' + one.textContent.trim().slice(0, 40);
  return { wide: wide.slice(0, 5).map(name), scroll: document.scrollingElement.scrollWidth, height: document.scrollingElement.scrollHeight };
})()
"""

# Every visible text whose colour is too near to what lies behind it.
FAINT = r"""
(() => {
  const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const linear = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const ground = one => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) { layers.push(parse(getComputedStyle(at).backgroundColor)); }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const faint = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || ['SCRIPT', 'STYLE'].includes(one.tagName) || !one.checkVisibility()) { continue; }
    const style = getComputedStyle(one), behind = ground(one), front = over(parse(style.color), behind);
    const [a, b] = [light(front), light(behind)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) { faint.set(one.tagName.toLowerCase() + '.' + one.className + ' ' + style.color, ratio.toFixed(2)); }
  }
  return [...faint].slice(0, 8).map(([name, ratio]) => name + ': ' + ratio);
})()
"""

# What a screen reader stumbles over.
READ_ALOUD = r"""
(() => {
  const wrong = [];
  let last = 0;
  document.querySelectorAll('h1, h2, h3, h4').forEach(one => {
    const level = Number(one.tagName[1]);
    if (level > last + 1) { wrong.push('after a heading of level ' + last + ' comes "' + one.textContent.trim() + '" of level ' + level); }
    last = level;
  });
  document.querySelectorAll('img').forEach(one => { if (!one.alt.trim()) { wrong.push('no words for ' + one.src); } });
  const seen = new Set();
  document.querySelectorAll('[id]').forEach(one => { if (seen.has(one.id)) { wrong.push('two elements are called ' + one.id); } seen.add(one.id); });
  if (document.querySelectorAll('h1').length !== 1) { wrong.push('not one heading of the first level'); }
  document.querySelectorAll('a, button, summary, input').forEach(one => {
    const words = one.textContent.trim() || one.getAttribute('aria-label') || one.querySelector('img[alt]') || one.closest('label');
    if (!words) { wrong.push('nothing says what ' + one.outerHTML.slice(0, 60) + ' does'); }
  });
  return wrong.slice(0, 8);
})()
"""

UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"


def works_by_hand(browser):
    """Arrow keys, pointer, slider, click and Escape, on the first figure of each kind; what does not do what it says."""
    wrong = []
    browser.run("document.querySelectorAll('.more-figures').forEach(one => { one.open = true; })")
    has = lambda kind: browser.run(f"Boolean(document.querySelector('figure .{kind}'))")
    said = "document.querySelector('figure .said').textContent"
    if has("said"):
        before = browser.run(said)
        browser.run("document.querySelector('figure:has(.said) .drawing').focus()")
        browser.key("ArrowRight")
        by_key = browser.run(said)
        browser.key("ArrowRight")
        if by_key == before or browser.run(said) == by_key:
            wrong.append("arrow keys do not go along a curve")
        # Pictures that are yet to come would move the one that is pointed at.
        box = browser.run("""(async () => { await Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode(); }));
            const one = document.querySelector('figure:has(.said) img'); one.scrollIntoView({block: 'center', behavior: 'instant'});
            const box = one.getBoundingClientRect(); return [box.left + box.width * 0.8, box.top + box.height * 0.5]; })()""")
        at_key = browser.run(said)
        browser.pointer("mouseMoved", *box)
        if browser.run(said) == at_key:
            wrong.append("the pointer reads no value")
    if has("rows"):
        shown = browser.run("""(() => { const figure = document.querySelector('figure:has(.rows)'), slider = figure.querySelector('input');
            const data = JSON.parse(figure.querySelector('script').textContent), image = figure.querySelector('img');
            const height = () => figure.querySelector('.drawing').getBoundingClientRect().height, before = height();
            slider.value = 2; slider.dispatchEvent(new Event('input'));
            const after = height(), name = figure.querySelector('output').textContent, row = data.rows[1].height * image.clientWidth / data.width;
            slider.value = 0; slider.dispatchEvent(new Event('input'));
            return [before, after, row, name, height()]; })()""")
        if not (0 <= shown[1] - shown[2] < 12 and abs(shown[4] - shown[0]) < 1 and shown[3] not in ("", "all")):
            wrong.append(f"the slider does not show one row: {shown}")
    if has("drawing"):
        box = browser.run("""(() => { const one = document.querySelector('figure .drawing'); one.scrollIntoView({block: 'center', behavior: 'instant'});
            const box = one.getBoundingClientRect(); return [box.left + 20, box.top + Math.min(20, box.height / 2)]; })()""")
        browser.pointer("mousePressed", *box)
        browser.pointer("mouseReleased", *box)
        is_open = "Boolean(document.querySelector('dialog[open]'))"
        if not browser.run(is_open):
            wrong.append("a click does not enlarge")
        browser.key("Escape")
        if browser.run(is_open):
            wrong.append("Escape does not close")
    return wrong


def look(browser, page, pictures):
    """What is wrong with a page, and its sheets of paper."""
    wrong = []
    address = page.resolve().as_uri()
    if page.stat().st_size > MOST_BYTES:
        wrong.append(f"{page.stat().st_size} bytes")
    screens = 0
    for width in WIDTHS:
        browser.size(width)
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            browser.open(address)
            if scheme == "light":
                found = browser.run(BEYOND)
                screens = found["height"] / HEIGHT
                if found["wide"] or found["scroll"] > width:
                    wrong.append(f"beyond the window at {width}: {found['wide'] or found['scroll']}")
            if pictures:
                browser.run("document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; })")
                browser.run("Promise.all([...document.images].map(one => one.decode().catch(() => 0)))")
                browser.picture(pictures / f"{page.stem}-{width}-{scheme}.png")
            browser.run(UNFOLD)
            faint = browser.run(FAINT)
            if faint:
                wrong.append(f"too faint at {width}, {scheme}: {faint}")
            found = browser.run(BEYOND)
            if found["wide"]:
                wrong.append(f"beyond the window at {width}, unfolded: {found['wide']}")
    if screens > MOST_SCREENS:
        wrong.append(f"{screens:.1f} screens")
    browser.scheme("light")
    browser.open(address)
    loaded = browser.run("performance.getEntriesByType('navigation')[0].loadEventEnd")
    if loaded > MOST_MILLISECONDS:
        wrong.append(f"loaded after {loaded:.0f} ms")
    wrong += browser.run(READ_ALOUD)
    wrong += works_by_hand(browser)
    browser.open(address)
    browser.run("document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; })")
    browser.run("Promise.all([...document.images].map(one => one.decode().catch(() => 0)))")
    paper = browser.print()
    if pictures:
        (pictures / f"{page.stem}.pdf").write_bytes(paper)
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    print(f"{page.name}: {page.stat().st_size / 1000:.0f} kB, {screens:.1f} screens, {loaded:.0f} ms, {sheets} sheets")
    return wrong, sheets


def main():
    parser = argparse.ArgumentParser(description="Looks at the pages of a run in headless Chromium.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep every page as pictures and as a PDF in this folder")
    parser.add_argument("--only", help="one page")
    own = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if not program:
        sys.exit("no Chromium here: nothing was looked at")
    if own.pictures:
        own.pictures.mkdir(parents=True, exist_ok=True)
    pages = sorted(own.folder.glob(own.only or "*.html"))
    if not pages:
        sys.exit(f"{own.folder}: no page")
    browser, failed, all_sheets = Browser(program), False, 0
    try:
        for page in pages:
            wrong, sheets = look(browser, page, own.pictures)
            all_sheets += sheets
            for one in wrong:
                failed = True
                print(f"    {one}")
    finally:
        browser.close()
    print(f"{len(pages)} pages, {all_sheets} sheets")
    if all_sheets > MOST_SHEETS:
        print(f"    more than {MOST_SHEETS} sheets")
        failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
