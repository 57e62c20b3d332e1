"""What the staff pages show: rows put together from the areas below, sorted and paged by the database."""
