"""The lifelike company: who its customers are, what they pay, what they do. Pure: a seed and a day in, frames out."""
