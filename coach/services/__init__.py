"""Use cases: what the product does, with the outside world behind small ports.

This layer leaves out how anything is stored, drawn, spoken or timed.
"""
