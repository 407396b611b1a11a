"""The line protocol: what people at nc and telnet type and read, and its JSON form."""
