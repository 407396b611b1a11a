"""What lasts from one run to the next: drafts, messages that wait, and conversations as they were.

There is a file for each account on each server. A guest has one, too, for drafts alone: the server
forgets who a guest was, and what is said to one is nobody's business after that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import platformdirs

from chatcli import restoring, unsent
from chatcli.address import Address
from chatcli.cache import CacheFile, Damaged, InUse, erase, put_aside
from chatcli.keeping import Items, Keeper
from chatcli.person import Credentials
from chatcli.restoring import Kept, NotUnderstood
from chatcli.session import Session
from chatcli.wire import key_of

PAUSE = 30.0  # seconds after which what could not be written is tried again
_IN_USE = "Another chatcli keeps drafts and messages of {}: what is typed here is not kept."


class Lasting:
    """Keeps a chat, and restores it. ``now`` gives seconds, ``tell`` shows a sentence."""

    def __init__(
        self,
        session: Session,
        address: Address,
        now: Callable[[], float],
        tell: Callable[[str], None],
    ) -> None:
        self._session = session
        self._state = session.state
        self._address = address
        self._now = now
        self._tell = tell
        # The name of an account; empty for a guest, whose file is by the nick that was asked for.
        self._account = ""
        self._nick = ""
        self._file: CacheFile | None = None
        self._keeper = self._new_keeper()
        self._not_before = 0.0
        self._kept = self._state.settings.cache > 0

    def _new_keeper(self) -> Keeper:
        key = key_of(self._account)
        return Keeper(self._state, lambda: unsent.to_keep(self._session.outbox, key))

    # Who one is

    def begin(self, account: str | None, nick: str | None) -> None:
        """Restore what an account had, to show it before the server has told anything."""
        self._nick = nick or ""
        self._attach(account or "", show=True)

    def known_as(self, credentials: Credentials | None) -> None:
        """One is logged in, or has logged out: then nothing is left."""
        if credentials is None:
            self._erase()
            self._state.drafts.clear()
            self._attach("")
        elif key_of(credentials.name) != key_of(self._account):
            if self._account:
                self.close()
                self._state.drafts.clear()
            else:
                # A guest's drafts are the account's from now on.
                self._erase()
            self._attach(credentials.name)

    def unknown(self) -> None:
        """One has not shown to be the account: what it had is not for one's eyes."""
        if self._account:
            self.close()
            restoring.hide(self._state)
            self._state.drafts.clear()
            self._attach("")

    # The file

    def _attach(self, account: str, *, show: bool = False) -> None:
        self._account = account
        self._keeper = self._new_keeper()
        path = path_of(self._address, account or f"~{self._nick}")
        try:
            if not self._state.settings.cache:
                erase(path)
                return
            found = self._open(path)
        except InUse:
            # Guests without a name are often several.
            if account or self._nick:
                self._tell(_IN_USE.format(account or self._nick))
        except (OSError, Damaged) as error:
            self._tell(f"Drafts and messages cannot be kept: {error}")
        else:
            self._restore(*found, show=show)

    def _open(self, path: Path) -> tuple[Items, Kept]:
        """Open a file; one that is of no use is put aside, and another one is begun."""
        try:
            return self._load(path)
        except (Damaged, NotUnderstood) as error:
            aside = put_aside(path)
            self._tell(f"What was kept cannot be read, and is put aside as {aside}: {error}")
            return self._load(path)

    def _load(self, path: Path) -> tuple[Items, Kept]:
        file = CacheFile(path)
        try:
            items = file.load()
            kept = restoring.understand(items)
        except BaseException:
            file.close()
            raise
        self._file = file
        return items, kept

    def _restore(self, items: Items, kept: Kept, *, show: bool) -> None:
        if show:
            self._keeper.know(items)
            if self._account:
                restoring.show(self._state, kept, self._account)
        restoring.give_back(self._state, kept.drafts)
        outbox = self._session.outbox
        unsent.take(outbox, self._state, kept.unsent, self._account, self._now())

    # Keeping

    @property
    def _is_oneself(self) -> bool:
        """Whether what the chat holds is the account's."""
        return bool(self._account) and key_of(self._state.account or "") == key_of(self._account)

    def keep(self) -> None:
        """Have what has changed written, in the background. Once a second is often enough."""
        self._heed_settings()
        file = self._file
        if file is None or file.busy or self._now() < self._not_before:
            return
        trouble = file.trouble()
        if trouble:
            self._tell(f"Drafts and messages cannot be kept: {trouble}")
            self._keeper.forget()
            self._not_before = self._now() + PAUSE
            return
        self._write(file, all_=False)

    def _heed_settings(self) -> None:
        kept = self._state.settings.cache > 0
        if kept != self._kept:
            self._kept = kept
            self._erase()
            self._attach(self._account)

    def _write(self, file: CacheFile, *, all_: bool) -> None:
        changes = self._keeper.changes(conversations=self._is_oneself, all_=all_)
        if any(changes):
            file.write(changes)

    def close(self) -> None:
        """Write everything, and wait until it is."""
        file, self._file = self._file, None
        if file is not None:
            self._write(file, all_=True)
            file.close()

    def _erase(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.erase()


def path_of(address: Address, name: str) -> Path:
    """Return the file for somebody on a server."""
    whole = f"{key_of(name)}@{address}".lower()
    readable = re.sub(r"[^a-z0-9.-]+", "_", whole)[:60]
    mark = hashlib.sha256(whole.encode()).hexdigest()[:12]
    folder = platformdirs.user_state_path("chatcli", appauthor=False)
    return folder / f"{readable}-{mark}.db"
