"""Pages of health: what staff think of accounts, and how the score is made."""
