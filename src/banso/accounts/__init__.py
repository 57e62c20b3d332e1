"""Customers (a tree), their people, their owners and segments. visible_to() is the only way in."""
