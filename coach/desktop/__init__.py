"""Adapters to the desktop: time, sound, the voice process, the session bus.

This layer leaves out windows and every rule of a session.
"""
