"""What customers do with the product: events kept once, and what is counted from them, as of any date."""
