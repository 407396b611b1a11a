"""Code and links in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcli.markup import LONGEST_LINK, LONGEST_TEXT, MARGIN, Span, address, links, spans


def kinds(text: str) -> list[tuple[str, str]]:
    return [(span.kind, span.text) for span in spans(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("see `a b` here", ["`a b`"]),
        ("``a `b` c``", ["``a `b` c``"]),
        ("`one` and `two`", ["`one`", "`two`"]),
        ("a lone ` tick", []),
        ("`over\nlines`", []),
        ("```not a block```", ["```not a block```"]),
    ],
)
def test_code_in_backticks(text: str, code: list[str]) -> None:
    assert [span.text for span in spans(text) if span.kind == "code"] == code


def test_a_block_of_code_has_a_margin_and_no_fences() -> None:
    assert kinds("look:\n```py\nif x:\n    `y`\n```\nok") == [
        ("words", "look:\n"),
        ("margin", MARGIN),
        ("block", "if x:"),
        ("margin", f"\n{MARGIN}"),
        ("block", "    `y`"),
        ("words", "\nok"),
    ]


def test_a_block_that_is_not_closed_goes_to_the_end() -> None:
    assert kinds("```\na\nb") == kinds("```\na\nb\n```")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/b?c=1&d=2#e.", ["https://a.example/b?c=1&d=2#e"]),
        ("(see http://a.example/x_(y))", ["http://a.example/x_(y)"]),
        ("MAILTO:ana@a.example, please", ["mailto:ana@a.example"]),
        ("http://a.example http://a.example", ["http://a.example"]),
        ("https://ü.example/ä b", ["https://%C3%BC.example/%C3%A4"]),
        ("`http://a.example`", []),
        ("javascript:alert(1) file:///etc/passwd ftp://a.example http:// https://.", []),
        ("nothttp://a.example", []),
    ],
)
def test_links(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_a_link_too_long_for_a_terminal_is_none() -> None:
    assert address(f"http://a.example/{'ä' * LONGEST_LINK}") == ""


def test_what_no_person_has_written_is_left_alone() -> None:
    text = "`" * (LONGEST_TEXT + 1)
    assert spans(text) == (Span(text),)


@given(st.text())
def test_an_address_holds_nothing_that_drives_a_terminal(text: str) -> None:
    for url in (address(f"http://{text}"), *links(f"http://{text}")):
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url


@given(st.text(alphabet=st.sampled_from("ab `\n:/.http()"), max_size=80))
def test_no_word_is_lost(text: str) -> None:
    shown = "".join(span.text for span in spans(text) if span.kind != "margin")
    assert [each for each in shown if each.isalpha()] == [
        each for each in text if each.isalpha()
    ] or "```" in text
