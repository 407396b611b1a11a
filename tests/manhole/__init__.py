"""Tests of chatd.manhole."""
