"""What customers pay for: contracts, their lines, recurring revenue and its movements, notice deadlines."""
