"""Stretch Coach: an evening leg coach that leads stretches by picture, ring and voice.

This package leaves out everything heavy at import: even the version costs nothing.
"""

__version__ = "0.1.0"
