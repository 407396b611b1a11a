"""Tests of the chatd command."""
