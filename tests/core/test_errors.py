"""The one error table."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest

from chatd.core.errors import _DEFAULTS, BY_NAME, ERRORS, ErrorRow, Refusal
from tests.tree import ROOT

# Numbers and names are a promise to clients.
PROMISED = {
    101: "UNKNOWN_COMMAND",
    102: "LINE_TOO_LONG",
    103: "BAD_UTF8",
    104: "BAD_ARGS",
    105: "BAD_JSON",
    210: "NAME_IN_USE",
    211: "NAME_INVALID",
    212: "NAME_CONFUSABLE",
    213: "NAME_RESERVED",
    301: "NO_SUCH_ROOM",
    302: "INVITE_ONLY",
    303: "NOT_IN_ROOM",
    304: "BANNED",
    305: "BAD_KEY",
    306: "MUTED",
    310: "NO_SUCH_TARGET",
    311: "BLOCKED",
    320: "TEXT_TOO_LONG",
    330: "NOT_YOURS",
    331: "NO_SUCH_MESSAGE",
    340: "NO_HISTORY",
    350: "FILE_TOO_BIG",
    351: "TYPE_REFUSED",
    352: "FILE_GONE",
    401: "BAD_LOGIN",
    402: "NEED_ACCOUNT",
    403: "NEED_ROLE",
    404: "NEED_TLS",
    429: "SLOW_DOWN",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def test_numbers_and_names_are_the_promised_ones() -> None:
    assert {code: row.name for code, row in ERRORS.items()} == PROMISED


def test_an_error_is_found_by_its_name_too() -> None:
    assert {row.name: row for row in ERRORS.values()} == BY_NAME


@pytest.mark.parametrize("row", ERRORS.values(), ids=lambda row: row.name)
def test_every_row_says_cause_sentence_and_what_to_try(row: ErrorRow) -> None:
    assert row.cause
    assert row.sentence
    assert row.hint


@pytest.mark.parametrize("row", ERRORS.values(), ids=lambda row: row.name)
def test_a_refusal_fills_its_sentence(row: ErrorRow) -> None:
    wanted = [name for _, name, _, _ in string.Formatter().parse(row.sentence + row.hint) if name]
    refusal = Refusal(row.code, **dict.fromkeys(wanted, "{x} %s"))
    assert (refusal.code, refusal.name) == (row.code, row.name)
    assert refusal.text.count("{x} %s") == sum(
        1 for _, name, _, _ in string.Formatter().parse(row.sentence) if name
    )


def test_the_wait_is_data_too() -> None:
    refusal = Refusal(429, what="a command was dropped", wait=3)
    assert refusal.wait == 3
    assert "Wait 3 s" in refusal.text


def test_other_refusals_have_no_wait() -> None:
    assert Refusal(103).wait is None


def _refusals() -> Iterator[tuple[str, int, set[str | None]]]:
    """Every place in the server's source where a numbered refusal is made: code and words."""
    for path in sorted((ROOT / "chatd").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Refusal" | "BadRequest"),
                    args=[ast.Constant(value=int(code)), *_],
                    keywords=words,
                ):
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield place, code, {word.arg for word in words}


def test_every_refusal_fills_the_sentence_of_its_row() -> None:
    """A missing word would be an error within the error: 500 instead of what is so."""
    missing = {}
    for place, code, given in _refusals():
        row = ERRORS[code]
        words = {word for _, word, _, _ in string.Formatter().parse(row.sentence + row.hint)}
        if absent := words - given - set(_DEFAULTS) - {None}:
            missing[place] = absent
    assert missing == {}
