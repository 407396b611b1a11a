"""Commands that need no screen: ``chatcli send``, ``pipe``, ``tail``, ``history``, ``who``, ..."""
