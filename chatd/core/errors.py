"""The one error table: what can be refused, in which words, and what to try next.

Numbers and names are part of the protocol (section 6) and never change. A sentence may hold
``{placeholders}``; ``Refusal`` fills them.
"""

from __future__ import annotations

from typing import NamedTuple


class ErrorRow(NamedTuple):
    """One row of the table."""

    code: int
    name: str
    cause: str
    sentence: str
    hint: str


_ROWS = (
    ErrorRow(
        101,
        "UNKNOWN_COMMAND",
        "the command does not exist",
        "There is no command /{command}.{guess}",
        "/help",
    ),
    ErrorRow(
        102,
        "LINE_TOO_LONG",
        "a line is longer than the limit; it was dropped",
        "That line is longer than {limit} bytes and was dropped.",
        "Send it in parts",
    ),
    ErrorRow(
        103,
        "BAD_UTF8",
        "a line is not valid UTF-8; it was dropped",
        "That line is not valid UTF-8 and was dropped.",
        "Set your terminal to UTF-8",
    ),
    ErrorRow(
        104,
        "BAD_ARGS",
        "an argument is missing, of the wrong kind or out of range",
        "{problem}.",
        "{usage}",
    ),
    ErrorRow(
        105,
        "BAD_JSON",
        "a line that begins with { is not a JSON object with a command in it",
        "That is not a JSON command: {problem}.",
        '{{"do":"help"}}',
    ),
    ErrorRow(
        210,
        "NAME_IN_USE",
        "somebody else has that name",
        "The name {name} is in use. Free: {free}.",
        "{hint}",
    ),
    ErrorRow(
        211,
        "NAME_INVALID",
        "a name has a character that names cannot have, or the wrong length",
        "{name} cannot be a name: {problem}.",
        "{example}",
    ),
    ErrorRow(
        212,
        "NAME_CONFUSABLE",
        "a name looks like another one",
        "The name {name} looks too much like {other}.",
        "Another name",
    ),
    ErrorRow(
        213,
        "NAME_RESERVED",
        "a name is kept for the server",
        "The name {name} is reserved.",
        "/nick NAME",
    ),
    ErrorRow(
        301, "NO_SUCH_ROOM", "the room does not exist", "There is no room {room}.{guess}", "/list"
    ),
    ErrorRow(
        302,
        "INVITE_ONLY",
        "the room lets in only who was invited",
        "{room} is by invitation only.",
        "/knock {room}",
    ),
    ErrorRow(
        303,
        "NOT_IN_ROOM",
        "the command needs you, or the person named, to be in the room",
        "{who} not in {room}.",
        "{then}",
    ),
    ErrorRow(
        304, "BANNED", "you are banned from the room", "You are banned from {room}{why}.", "/list"
    ),
    ErrorRow(
        305, "BAD_KEY", "the room has a key", "The key for {room} is wrong.", "/join {room} KEY"
    ),
    ErrorRow(
        306, "MUTED", "you are muted in the room", "You are muted in {room}{why}.", "/who {room}"
    ),
    ErrorRow(
        310,
        "NO_SUCH_TARGET",
        "nobody of that name is here",
        "There is nobody {who} here.{guess}",
        "/who",
    ),
    ErrorRow(
        311, "BLOCKED", "the person does not want your messages", "{nick} ignores you.", "/who"
    ),
    ErrorRow(
        320,
        "TEXT_TOO_LONG",
        "a text is longer than the limit, or has too many lines",
        "That text has {size}; the limit is {limit}.",
        "Send it in parts",
    ),
    ErrorRow(
        330,
        "NOT_YOURS",
        "the message is somebody else's",
        "Message {seq} in {room} is not yours.",
        "/reply {seq} TEXT",
    ),
    ErrorRow(
        331,
        "NO_SUCH_MESSAGE",
        "no message has that number in the conversation",
        "There is no message {seq} in {room}.",
        "/history {room}",
    ),
    ErrorRow(
        340,
        "NO_HISTORY",
        "the conversation keeps no history for you",
        "{room} keeps no history.",
        "/who {room}",
    ),
    ErrorRow(
        350, "FILE_TOO_BIG", "a file is over the limit", "The file is too big.", "/help upload"
    ),
    ErrorRow(
        351, "TYPE_REFUSED", "a file of that type is not taken", "Not that type.", "/help upload"
    ),
    ErrorRow(352, "FILE_GONE", "the file is not there any more", "The file is gone.", "/files"),
    ErrorRow(
        401,
        "BAD_LOGIN",
        "a name, password or token is wrong, or has expired",
        "{problem}",
        "{then}",
    ),
    ErrorRow(
        402,
        "NEED_ACCOUNT",
        "the command is for accounts",
        "/{command} needs an account.",
        "/register, or /login NAME",
    ),
    ErrorRow(
        403, "NEED_ROLE", "your role does not allow it", "Only {role} can {action}.", "{then}"
    ),
    ErrorRow(
        404,
        "NEED_TLS",
        "a password may not be sent over this connection",
        "Passwords are taken over TLS, SSH or loopback only.",
        "/help login",
    ),
    ErrorRow(
        429,
        "SLOW_DOWN",
        "too much, too fast; wait the number of seconds in `wait`",
        "Too fast: {what}. Wait {wait} s.",
        "The same again in {wait} s",
    ),
    ErrorRow(
        500, "INTERNAL", "a defect in the server", "The server made a mistake.", "Tell the admin"
    ),
    ErrorRow(
        503,
        "UNAVAILABLE",
        "the server is stopping, its disk is failing, or you read too slowly",
        "{problem}",
        "The same again in {retry} s",
    ),
)

ERRORS: dict[int, ErrorRow] = {row.code: row for row in _ROWS}
BY_NAME: dict[str, ErrorRow] = {row.name: row for row in _ROWS}

_DEFAULTS: dict[str, object] = {
    "guess": "",
    "why": "",
    "then": "/help",
    "retry": 5,
    "example": "/nick ana",
}


class Refusal(Exception):
    """A command that cannot be carried out; a door shows it, the connection lives on.

    ``code`` is a key of ``ERRORS``; the keyword arguments fill its sentence and hint. ``wait``
    (seconds) goes to the client as data, too.
    """

    def __init__(self, code: int, **details: object) -> None:
        row = ERRORS[code]
        filled = {**_DEFAULTS, **details}
        self.code = code
        self.name = row.name
        self.text = row.sentence.format_map(filled)
        self.hint = row.hint.format_map(filled)
        wait = details.get("wait")
        self.wait = wait if isinstance(wait, int) else None
        super().__init__(f"{code} {row.name}: {self.text}")
