"""Tests of chatd.line."""
