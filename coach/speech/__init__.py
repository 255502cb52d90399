"""The child process that turns sentences into WAV files.

This package leaves out Qt, playing sound, and deciding what is said when.
"""
