"""Tests of chatd.sequencer."""
