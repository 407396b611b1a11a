"""What was typed in each conversation and was not sent. Pure."""

from __future__ import annotations

from chatcli.asking import is_secret


class Drafts:
    """One draft for each conversation, by its key, and what was refused and waits behind it."""

    def __init__(self) -> None:
        # How many times all was forgotten.
        self.cleared = 0
        self._texts: dict[str, str] = {}
        # The command that belongs before a draft, and is not shown in the input.
        self._prefixes: dict[str, str] = {}
        self._returned: dict[str, list[str]] = {}

    def text(self, key: str) -> str:
        """Return the draft of a conversation."""
        return self._texts.get(key, "")

    def is_begun(self, key: str) -> bool:
        """Whether there is something that was not sent."""
        return bool(self.text(key).strip()) or self.is_waiting(key)

    def is_waiting(self, key: str) -> bool:
        """Whether something was given back."""
        return bool(self._returned.get(key))

    def put(self, key: str, text: str) -> None:
        """Let ``text`` be the draft of a conversation; an empty one is none."""
        if text:
            self._texts[key] = text
        else:
            self._texts.pop(key, None)

    def set_prefix(self, key: str, prefix: str) -> None:
        """Let a command belong before what is typed, such as ``/reply 12 ``, or none."""
        self._prefixes[key] = prefix

    def give_back(self, key: str, text: str) -> None:
        """Keep what was refused, until there is nothing else in the input of its conversation."""
        if text:
            self._returned.setdefault(key, []).append(text)

    def take_back(self, key: str) -> str:
        """Return what was given back first, and keep it no more; empty where there is nothing."""
        waiting = self._returned.get(key)
        return waiting.pop(0) if waiting else ""

    def rename(self, old: str, new: str) -> None:
        """A conversation has another key; what is there already stays before it."""
        moved = [self._texts.pop(old, ""), *self._returned.pop(old, [])]
        if new not in self._texts:
            self.put(new, moved.pop(0))
        for text in moved:
            self.give_back(new, text)

    def clear(self) -> None:
        """Forget all: they are another's."""
        self.cleared += 1
        self._texts.clear()
        self._prefixes.clear()
        self._returned.clear()

    def for_disk(self) -> dict[str, list[str]]:
        """Return, by conversation, what may be kept on disk: nothing secret."""
        found: dict[str, list[str]] = {}
        for key in {**self._texts, **self._returned}:
            text = self.text(key)
            prefix = self._prefixes.get(key, "") if text.strip() else ""
            texts = [f"{prefix}{text}", *self._returned.get(key, [])]
            kept = [each for each in texts if each.strip() and not is_secret(each)]
            if kept:
                found[key] = kept
        return found
