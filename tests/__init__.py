"""The tests of coach; nothing in here ships."""
