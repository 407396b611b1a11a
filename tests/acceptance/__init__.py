"""Tests from outside: the real twistd, with the programs that people use."""
