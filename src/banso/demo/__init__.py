"""Fills a fresh installation with a lifelike company, or with real data, so that everyone can try Banso.

Promises: the same seed gives the same company, to the digit. Reads nothing but its own generator and the files that it
is given.
"""
