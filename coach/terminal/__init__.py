"""The text front of a session, for machines without a screen.

This package leaves out Qt and every rule of a session.
"""
