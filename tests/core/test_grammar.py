"""A line, typed or JSON, to a command."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.core import commands as c
from chatd.core.commands import COMMANDS, Command, Msg
from chatd.core.errors import ERRORS
from chatd.core.grammar import SECRETS, BadRequest, SecretMissing, clean, encode, parse
from tests.core.forms import FORMS

CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


def code(line: str) -> int:
    return error(line).code


def error(line: str) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        parse(line)
    return refused.value


@pytest.mark.parametrize(("typed", "keys", "command"), FORMS)
def test_typed_and_json_mean_the_same(typed: str, keys: dict[str, Any], command: Command) -> None:
    assert parse(typed) == command
    assert parse(json.dumps(keys)) == command


def test_every_command_is_in_the_table_of_forms() -> None:
    assert {keys["do"] for _, keys, _ in FORMS} == set(COMMANDS)


@pytest.mark.parametrize("command", [command for _, _, command in FORMS])
def test_what_a_client_encodes_is_understood(command: Command) -> None:
    assert parse(encode(command).decode()) == command


@pytest.mark.parametrize("line", ["", " ", "   \t ", "\r", "\x00", "\u202e"])
def test_an_empty_line_means_nothing(line: str) -> None:
    assert parse(line) is None


@pytest.mark.parametrize("line", ["/JOIN #ops", "/join   #ops  ", '{"do":"JOIN","room":"#ops"}'])
def test_case_and_spaces_around_arguments_do_not_matter(line: str) -> None:
    assert parse(line) == c.Join(room="#ops")


def test_spaces_within_a_text_stay() -> None:
    assert parse("/me  waves   twice") == c.Me(text="waves   twice")


@pytest.mark.parametrize("do", ["msg", "me", "history", "go"])
def test_room_does_as_well_as_to(do: str) -> None:
    command = parse(json.dumps({"do": do, "room": "#ops", "text": "x"}))
    assert getattr(command, "to", None) == "#ops"


@pytest.mark.parametrize("do", ["join", "part", "who", "topic"])
def test_to_does_as_well_as_room(do: str) -> None:
    command = parse(json.dumps({"do": do, "to": "#ops"}))
    assert getattr(command, "room", None) == "#ops"


def test_null_is_like_a_key_left_out() -> None:
    assert parse('{"do":"msg","to":null,"text":"hi","nonce":null}') == Msg(text="hi")


def test_unknown_keys_are_ignored() -> None:
    assert parse('{"do":"ping","colour":"red"}') == c.Ping()


def test_seen_maps_conversations_to_numbers() -> None:
    line = '{"do":"resume","token":"r.1","seen":{"#ops":4183}}'
    assert parse(line) == c.Resume(token="r.1", seen={"#ops": 4183})


# Cleaning


@pytest.mark.parametrize("code", CONTROLS)
def test_controls_never_reach_a_text(code: int) -> None:
    assert clean(f"a{chr(code)}b") == "ab"
    assert parse(f"a{chr(code)}b") == Msg(text="ab")


@pytest.mark.parametrize("code", [code for code in CONTROLS if code != 10])
def test_controls_never_reach_a_json_text(code: int) -> None:
    assert parse(json.dumps({"do": "msg", "text": f"a{chr(code)}b"})) == Msg(text="ab")


def test_a_json_message_may_have_several_lines() -> None:
    assert parse('{"do":"msg","text":"a\\nb"}') == Msg(text="a\nb")


@pytest.mark.parametrize(
    ("do", "key"), [("topic", "text"), ("away", "text"), ("wall", "text"), ("part", "why")]
)
def test_nothing_else_has_several_lines(do: str, key: str) -> None:
    assert getattr(parse(json.dumps({"do": do, key: "a\n*** b"})), key) == "a*** b"


@given(st.text())
def test_what_is_clean_has_no_controls(text: str) -> None:
    for cleaned, kept in ((clean(text), ""), (clean(text, lines=True), "\n")):
        assert not any(ord(char) in CONTROLS for char in cleaned if char not in kept)


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_cleaning_leaves_what_can_be_seen(text: str) -> None:
    assert clean(text) == text


# What is no command


@pytest.mark.parametrize(
    ("line", "guess"),
    [("/joim #ops", "/join"), ('{"do":"histori"}', "/history"), ("/PINGG", "/ping")],
)
def test_an_unknown_command_brings_a_guess(line: str, guess: str) -> None:
    assert code(line) == 101
    assert f"Did you mean {guess}?" in error(line).text


@pytest.mark.parametrize("line", ["/", "/ ping", "/\u2028x", "/zzzzzz", '{"do":""}'])
def test_an_unknown_command_may_be_like_none(line: str) -> None:
    assert code(line) == 101


@pytest.mark.parametrize(
    "line",
    [
        "/join",
        "/nick",
        "/go",
        "/msg",
        "/msg #ops",
        "/me",
        "/reply",
        "/reply x hi",
        "/reply -1 hi",
        "/reply 7",
        "/react 7",
        "/whisper bo",
        "/typing",
        "/typing maybe",
        "/history before:x",
        "/history until:5",
        "/history 5 6",
        "/who bo",
        "/whois",
        "/ping now",
        "/nick two words",
        "/mode",
        "/resume",
        "/notify",
        "/notify #ops",
        "/notify #ops some",
        "/slow",
        "/slow 10s",
        "/audit all",
        "/mentions 5 6",
        "/read x y",
        "/view",
        "/view x",
        "/role ana",
        "/role ana king",
        "/token two words",
        "/passwd a b c",
        '{"do":"login","name":"ana"}',
        '{"do":"passwd","old":"x"}',
        '{"do":"register","password":null}',
        '{"do":"slow","seconds":"5"}',
        '{"do":"shutdown","seconds":"5"}',
        '{"do":"audit","n":"5"}',
        '{"do":"ban","nick":"bo","time":true}',
        '{"do":"ban","nick":"bo","time":1.5}',
        '{"do":"role","name":"ana","role":"king"}',
        '{"do":"notify","level":"some"}',
        '{"do":"msg"}',
        '{"do":"msg","text":5}',
        '{"do":"msg","text":["a"]}',
        '{"do":"reply","seq":"7","text":"x"}',
        '{"do":"reply","seq":7.5,"text":"x"}',
        '{"do":"reply","seq":true,"text":"x"}',
        '{"do":"typing","on":[]}',
        '{"do":"typing","on":{}}',
        '{"do":"typing","on":"maybe"}',
        '{"do":"typing","on":1}',
        '{"do":"resume","token":"r.1","seen":[1]}',
        '{"do":"resume","token":"r.1","seen":{"#ops":"x"}}',
        '{"do":"join","room":null}',
    ],
)
def test_arguments_that_are_missing_or_wrong_are_refused(line: str) -> None:
    assert code(line) == 104
    assert error(line).hint.startswith("/")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "{}",
        "{x}",
        '{"do":"ping"',
        '{"do":"ping"} x',
        '{"do":5}',
        '{"do":null}',
        '{"id":1}',
        '{"do":"msg","text":"\\ud800"}',
        "{" + '"a":[' * 4000,
        '{"do":"ping","id":' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_json_command_is_refused(line: str) -> None:
    assert code(line) == 105


@pytest.mark.parametrize("ident", [0, -1, 7, 2**70, "a", "i" * 64, ""])
def test_an_id_is_a_short_text_or_an_integer(ident: int | str) -> None:
    command = parse(json.dumps({"do": "ping", "id": ident}))
    assert command is not None
    assert command.id == ident


@pytest.mark.parametrize("ident", [1.5, True, [], {}, "i" * 65])
def test_another_id_is_refused(ident: object) -> None:
    assert code(json.dumps({"do": "ping", "id": ident})) == 105


@pytest.mark.parametrize("line", ['{"id":7,"do":"msg"}', '{"id":7,"do":"x"}', '{"id":7}'])
def test_a_refusal_bears_the_id(line: str) -> None:
    assert error(line).request == 7


@pytest.mark.parametrize("nonce", ["n", "n" * 64])
def test_a_nonce_has_1_to_64_characters(nonce: str) -> None:
    command = parse(json.dumps({"do": "msg", "text": "x", "nonce": nonce}))
    assert command == Msg(text="x", nonce=nonce)


@pytest.mark.parametrize("nonce", ["", "n" * 65, 5])
def test_another_nonce_is_refused(nonce: object) -> None:
    assert code(json.dumps({"do": "msg", "text": "x", "nonce": nonce})) == 104


def test_a_refusal_repeats_no_controls() -> None:
    bad = error('{"do":"\\u001b[2J\\n*** x"}')
    assert clean(bad.text) == bad.text


# Secrets


@pytest.mark.parametrize(
    ("line", "values", "missing"),
    [
        ("/login ana", {"name": "ana"}, ("password",)),
        ("/login ana   ", {"name": "ana"}, ("password",)),
        ("/register", {}, ("password",)),
        ("/passwd", {}, ("old", "new")),
        ("/passwd x", {"old": "x"}, ("new",)),
        ("/unregister", {}, ("password",)),
        ("/claim", {}, ("code",)),
        ("/reset ana", {"name": "ana"}, ("password",)),
    ],
)
def test_a_door_may_ask_for_secrets(
    line: str, values: dict[str, str], missing: tuple[str, ...]
) -> None:
    lacking = error(line)
    assert isinstance(lacking, SecretMissing)
    assert (lacking.values, lacking.missing) == (values, missing)
    assert lacking.code == 104
    assert lacking.text == f"/{lacking.row.name} needs {missing[0].upper()}."


@pytest.mark.parametrize("line", ["/login", "/reset", "/token", '{"do":"login","name":"ana"}'])
def test_it_asks_for_nothing_else(line: str) -> None:
    assert not isinstance(error(line), SecretMissing)


@pytest.mark.parametrize("line", ["/passwd my old S3CRET", "/claim A S3CRET"])
def test_no_part_of_a_secret_is_repeated(line: str) -> None:
    assert "S3CRET" not in error(line).text


def test_secrets_are_in_confidential_commands_alone() -> None:
    for row in COMMANDS.values():
        if any(argument.word in SECRETS for argument in row.arguments):
            assert issubclass(row.struct, c.Confidential)


def test_a_time_in_json_may_be_seconds() -> None:
    assert parse('{"do":"mute","nick":"bo","time":90}') == c.Mute(nick="bo", time=90)


def test_a_search_by_keys() -> None:
    line = '{"do":"search","words":"x","from":"bo","room":"#ops","before":"2026-01-01"}'
    found = c.Search(words="x", from_="bo", to="#ops", before="2026-01-01")
    assert parse(line) == found
    assert parse(encode(found).decode()) == found


_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=5,
)
_keys = st.sampled_from(
    ["id", "nonce", *(key for row in COMMANDS.values() for key in row.struct.__struct_fields__)]
)
_objects = st.builds(
    lambda do, keys: json.dumps({**keys, "do": do}),
    st.one_of(st.sampled_from(sorted(COMMANDS)), _values),
    st.dictionaries(_keys, _values),
)
_lines = st.one_of(
    st.text(),
    st.text().map(lambda text: f"{{{text}"),
    st.builds(lambda name, text: f"/{name} {text}", st.sampled_from(sorted(COMMANDS)), st.text()),
    _objects,
)


def outcome(line: str) -> Command | BadRequest | None:
    try:
        return parse(line)
    except BadRequest as bad:
        return bad


@given(_lines)
def test_any_line_is_a_command_nothing_or_a_refusal(line: str) -> None:
    found = outcome(line)
    kept = "\n" if isinstance(found, c.Message) else ""
    texts: list[object] = []
    if isinstance(found, BadRequest):
        assert ERRORS[found.code].name == found.name
        assert found.code in {101, 104, 105}
        texts = [found.text]
    elif found is not None:
        values = msgspec.structs.asdict(found)
        texts = [values[key] for key in values if key not in {"id", "nonce", "token", "seen"}]
    shown = [char for text in texts if isinstance(text, str) for char in text]
    assert not any(ord(char) in CONTROLS for char in shown if char not in kept)


@pytest.mark.parametrize(("line", "guess"), [("/leave", "/part"), ("/w bo hi", "/whisper")])
def test_commands_of_other_chats_are_guessed(line: str, guess: str) -> None:
    with pytest.raises(BadRequest, match=f"Did you mean {guess}"):
        parse(line)


@pytest.mark.parametrize("time", ["600", "10min", "1d12h", "-5m", "+5m", "1.5h"])
@pytest.mark.parametrize("line", ["/ban bo {}", "/ban bo {} spam", "/mute bo #ops {} noise"])
def test_what_is_meant_as_a_time_is_no_reason(line: str, time: str) -> None:
    command = parse(line.format(time))
    assert isinstance(command, c.Ban | c.Mute)
    assert command.time == time


@pytest.mark.parametrize("line", ["/shutdown 10m upgrade", "/shutdown -5", "/audit 5x"])
def test_what_is_meant_as_a_number_must_be_one(line: str) -> None:
    refused = error(line)
    assert (refused.code, "must be a number" in refused.text) == (104, True)


def test_a_reason_needs_no_time() -> None:
    assert parse("/mute bo third time today") == c.Mute(nick="bo", why="third time today")
