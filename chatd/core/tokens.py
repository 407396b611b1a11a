"""Tokens: what logs an account in instead of its password. Only their hashes are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatd.core.accounts import end_sessions, keep_token, proof_of
from chatd.core.commands import Command, Revoke, Token, Tokens
from chatd.core.errors import Refusal
from chatd.core.events import timestamp
from chatd.core.model import Token as KeptToken
from chatd.core.records import TokenForgotten
from chatd.core.results import Confirmed, Result, TokenInfo, TokenList, TokenMade

if TYPE_CHECKING:
    from chatd.core.turn import Turn

LABEL = 32
TOKENS = 50


def handle_token(turn: Turn, command: Token) -> Result:
    """Make a token; only its hash is kept."""
    account, proof = turn.account, proof_of(turn)
    label = command.label.strip()
    usage = "/token LABEL"
    if not 0 < len(label) <= LABEL:
        raise Refusal(104, problem=f"A label has 1 to {LABEL} characters", usage=usage)
    if label in account.tokens:
        raise Refusal(104, problem=f"There is a token «{label}»", usage=f"/revoke {label}")
    if len(account.tokens) >= TOKENS:
        raise Refusal(104, problem=f"You have {TOKENS} tokens, the most", usage="/revoke LABEL")
    assert proof.fresh is not None
    assert proof.token is not None
    token = account.tokens[label] = KeptToken(label=label, digest=proof.fresh, created=turn.now)
    keep_token(turn, account, token)
    return TokenMade(label=label, token=proof.token)


def handle_tokens(turn: Turn, command: Tokens) -> Result:
    """List one's tokens."""
    infos = tuple(
        TokenInfo(
            label=token.label,
            created=timestamp(token.created),
            used=timestamp(token.used) if token.used is not None else None,
        )
        for token in turn.account.tokens.values()
    )
    return TokenList(tokens=infos)


def handle_revoke(turn: Turn, command: Revoke) -> Result:
    """Make a token worthless, and end the sessions that logged in by it."""
    account, label = turn.account, command.label.strip()
    if label not in account.tokens:
        raise Refusal(104, problem=f"There is no token «{label[:LABEL]}»", usage="/tokens")
    del account.tokens[label]
    turn.record(TokenForgotten(account.uid, label))
    revoked = [s for s in turn.user.sessions.values() if s.label == label]
    end_sessions(turn, turn.user, "Your token was revoked.", revoked)
    return Confirmed()


HANDLERS: dict[type[Command], Any] = {
    Revoke: handle_revoke,
    Token: handle_token,
    Tokens: handle_tokens,
}
