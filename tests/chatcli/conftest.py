"""A chat for tests."""

import pytest

from tests.chatcli.chat import Chat


@pytest.fixture
def chat() -> Chat:
    """Return a chat that has begun: ana is in the lobby."""
    chat = Chat(nick="ana")
    chat.begin()
    return chat
