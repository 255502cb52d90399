"""The figure workshop: turns pose data into the animated pictures the app ships.

Development only: it needs numpy and Pillow, and nothing of it is imported by the app.
"""
