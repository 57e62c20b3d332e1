"""Pages for adding and changing contracts, for notice that customers give, and for rates."""
