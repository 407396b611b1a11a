"""chatd: a chat server that a company, a school, a club or a server room hosts itself."""

__version__ = "0.1.0"
