"""The rules of a guided session: values and pure functions.

This layer leaves out Qt, the disk, the clock, threads and printing.
"""
