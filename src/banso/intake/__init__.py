"""The doors data comes in by: files now, the event API and connectors later.

Promises: nothing is imported by half in silence; what is imported twice is there once; every refused row says why.
"""
