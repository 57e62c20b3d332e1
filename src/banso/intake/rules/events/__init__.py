"""What product events must be like: what a request may hold, how an event is cleaned, how the spool is written."""
