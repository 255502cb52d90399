"""Tests of the adapters on Qt: real processes, real sockets, few and short."""
