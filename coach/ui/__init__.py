"""Windows, pages and painted controls that show state and send intentions.

This layer leaves out every decision: what happens next is settled below it.
"""
