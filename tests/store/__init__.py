"""Tests of chatd.store."""
