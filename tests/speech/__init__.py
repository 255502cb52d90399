"""Tests of the speech process."""
