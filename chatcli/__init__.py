"""chatcli, the terminal client of chatd."""
