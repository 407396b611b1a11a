"""Tells twistd that there is a chat: ``twistd chat``."""

from twisted.application.service import ServiceMaker

chat = ServiceMaker("chat", "chatd.tap", "A chat for anything that can open a socket.", "chat")
