"""Files and the journal database: reading, checking and safely writing them.

This layer leaves out Qt and every decision about what the data means.
"""
