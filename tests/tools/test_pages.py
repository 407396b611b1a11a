"""The pages of an export, as a browser takes them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.tools import database
from tests.tools.command import done
from tests.tools.database import OPS, PRIVATE, event
from tests.tools.test_export import HOSTILE

VOID = {"meta"}
ALLOWED = {"a", "b", "bdi", "body", "h1", "h2", "head", "header", "html", "i", "li", "meta", "nav"}
ALLOWED |= {"ol", "p", "span", "style", "time", "title", "ul"}


class Page(HTMLParser):
    """A page: its text, what is in each item, its links. Wrong nesting fails."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.items: dict[str, str] = {}
        self.links: list[str] = []
        self.titles: list[str] = []
        self._item = ""
        self.feed(path.read_text("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        found = {name: value or "" for name, value in attrs}
        assert [name for name in found if name.startswith("on") or name in {"src", "style"}] == []
        if tag not in VOID:
            self.open.append(tag)
        if tag == "li":
            self._item = found.get("id", "")
            self.items[self._item] = ""
        if "href" in found:
            self.links.append(found["href"])
        if "title" in found:
            self.titles.append(found["title"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "li" in self.open:
            self.items[self._item] += data


def pages(path: Path, *options: str) -> Path:
    """Return the directory to which pages were written."""
    out = path.parent.with_name("out")
    done("export", "--data", path.parent, "--format", "html", *options, out)
    return out


def test_a_room_is_shown_as_it_reads_now(path: Path) -> None:
    page = Page(pages(path, "--room", "#ops") / "index.html")
    items = {key: " ".join(text.split()) for key, text in page.items.items()}
    assert items == {
        "s1": "1 14:14 ana good morning, the shop is open👍 1",
        "s2": "2 14:15 bo ana: good morning, the shop is openhello ana",
        "s4": "4 14:17 ana the new words (edited)",
        "s6": "6 14:19 ana deleted by bo",
        "s8": "8 14:21 ana set the topic: opening hours",
        "s9": "9 14:22 ana muted cy (noise)",
        "s10": "10 14:23 * guest-1 waves",
    }
    assert "#Ops" in page.text
    assert "2026-09-21 (UTC)" in page.text
    assert page.titles == ["bo"]
    assert "index.html#s1" in page.links


def test_each_day_begins_with_its_date(path: Path) -> None:
    day = 86_400_000
    rows = [event(OPS, 11 + n, f"day {n}", t=database.BEGIN + n * day) for n in (1, 2)]
    database.add_events(path, rows)
    text = Page(pages(path, "--room", "#ops") / "index.html").text
    found = re.findall(r"\d{4}-\d\d-\d\d \(UTC\)|day \d", text)
    days = [f"2026-09-2{n} (UTC)" for n in (1, 2, 3)]
    assert found == [days[0], days[1], "day 1", days[2], "day 2"]


def test_what_people_wrote_is_nothing_but_text(path: Path) -> None:
    act = '{"action":"<b>kick","nick":"<i>x","why":"</ol><script>"}'
    database.add_events(
        path,
        [
            event(OPS, 11, HOSTILE, nick=HOSTILE),
            event(OPS, 12, "answer", of=11),
            event(OPS, 13, HOSTILE, kind="topic"),
            event(OPS, 14, act, kind="mod"),
            event(OPS, 15, HOSTILE, kind="react", nick=HOSTILE, uid="u-bo", of=11),
        ],
    )
    database.run(
        path,
        "UPDATE conversations SET topic = '</title><script>alert(1)</script>' WHERE id = 1",
        "INSERT INTO reactions VALUES (1 << 32 | 11, 'u-bo', '<img src=x>')",
    )
    out = pages(path, "--room", "#ops")
    page = Page(out / "index.html")
    source = (out / "index.html").read_text("utf-8")
    assert [sign for sign in "\x1b\x07\x9b\u202e\x7f" if sign in source] == []
    assert "<script" not in source
    assert "<script>alert(1)</script>]0;owned31m&amp;\"'" in page.items["s11"]
    assert "<img src=x> 1" in page.items["s11"]
    assert "</ol><script>" in page.items["s14"]
    assert "script-src" not in source
    assert "default-src 'none'" in source


def test_lines_of_a_message_stay(path: Path) -> None:
    database.add_events(path, [event(OPS, 11, "one\n  two")])
    assert "one\n  two" in Page(pages(path) / "1-ops" / "index.html").items["s11"]


def test_all_rooms_are_listed_and_no_private_conversation(path: Path) -> None:
    database.run(
        path,
        "INSERT INTO conversations (id, kind, key, name, created)"
        " VALUES (5, 'room', '#a/../b', '#a/../b', 1)",
    )
    out = pages(path)
    page = Page(out / "index.html")
    assert page.links == ["5-a-b/index.html", "1-ops/index.html"]
    assert all((out / link).is_file() for link in page.links)
    everything = "".join(file.read_text("utf-8") for file in out.rglob("*.html"))
    assert "psst" not in everything
    assert f"{PRIVATE}-" not in everything


def test_a_large_room_is_cut_into_pages(path: Path) -> None:
    rows = [event(OPS, seq, f"line {seq}") for seq in range(11, 5_000)]
    rows.append(event(OPS, 5_000, "late answer", of=11))
    rows.append(event(OPS, 5_001, "early bird", of=4_500))
    database.add_events(path, rows)
    out = pages(path, "--room", "#ops")
    files = [out / "index.html", out / "page-2.html", out / "page-3.html"]
    assert sorted(out.iterdir()) == sorted(files)
    assert max(file.stat().st_size for file in files) < 1_000_000
    found = [Page(file) for file in files]
    seqs = [key for page in found for key in page.items]
    assert seqs == [f"s{n}" for n in (1, 2, 4, 6, *range(8, 5_002))]
    assert "index.html#s11" in found[2].links
    assert "page-3.html#s4500" in found[2].links
    assert "ana: line 11" in found[2].items["s5000"]
    for page in found:
        assert {"index.html", "page-2.html", "page-3.html"} - set(page.links) != set()
        assert all((out / link.partition("#")[0]).exists() for link in page.links)
