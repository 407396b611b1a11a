"""Where the lines of an export come from, and go to."""

from __future__ import annotations

from typing import NamedTuple

from chatd.tools.lines import (
    SEQ,
    Account,
    Audit,
    Conversation,
    Event,
    Ignore,
    Invitation,
    Level,
    Line,
    Marker,
    Membership,
    Mention,
    Pin,
    Reaction,
    Resting,
    Sanction,
    Token,
)


class Table(NamedTuple):
    """Where the lines of one kind are kept; ``packed`` is the field that is in ``id``, too."""

    line: type[Line]
    name: str
    key: str
    packed: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a line, in order."""
        return self.line.__struct_fields__

    @property
    def of_rooms(self) -> bool:
        """Whether a row belongs to one conversation."""
        return "conversation" in self.fields

    @property
    def columns(self) -> str:
        """What to select for the fields."""
        return ", ".join(self._column(field) for field in self.fields)

    def _column(self, field: str) -> str:
        if self.packed:
            there = {"conversation": "id >> 32", self.packed: f"id & {SEQ}"}
            return there.get(field, field)
        return "id" if self.name == "conversations" and field == "conversation" else field

    @property
    def insert(self) -> str:
        """How to add a row, given its fields by name."""
        columns, values = list(self.fields), [f":{field}" for field in self.fields]
        if self.packed:
            kept = [field for field in self.fields if field not in {"conversation", self.packed}]
            columns = ["id", *kept]
            values = [f":conversation << 32 | :{self.packed}", *(f":{field}" for field in kept)]
        elif self.name == "conversations":
            columns[0] = "id"
        names = ", ".join(columns)
        return f"INSERT INTO {self.name} ({names}) VALUES ({', '.join(values)})"  # noqa: S608


# In the order of an export: what others point to comes first.
TABLES = (
    Table(Account, "accounts", "uid"),
    Table(Conversation, "conversations", "id"),
    Table(Token, "tokens", "uid, label"),
    Table(Resting, "resting", "key"),
    Table(Ignore, "ignores", "uid, other"),
    Table(Membership, "memberships", "conversation, uid"),
    Table(Sanction, "sanctions", "conversation, kind, target"),
    Table(Invitation, "invitations", "conversation, uid"),
    Table(Pin, "pins", "conversation, seq"),
    Table(Marker, "markers", "uid, conversation"),
    Table(Level, "levels", "uid, conversation"),
    Table(Audit, "audit", "n"),
    Table(Event, "events", "id", packed="seq"),
    Table(Reaction, "reactions", "id, uid, emoji", packed="of"),
    Table(Mention, "mentions", "uid, id", packed="seq"),
)
TABLE_OF: dict[type[Line], Table] = {table.line: table for table in TABLES}
