"""Commands that need no screen, without a socket."""
