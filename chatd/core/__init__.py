"""The chat itself: names, commands, rules, events. No clock, socket, thread or database."""
