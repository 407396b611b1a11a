"""The screen: layout, keys, rendering, style. It knows prompt_toolkit and no Twisted."""
