"""The ``chatd`` command: what an administrator does with a server's data. No part of the server."""


class ToolError(Exception):
    """A command cannot do what was asked; the text is a sentence for the administrator."""
