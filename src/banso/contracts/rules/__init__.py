"""What a contract is worth a month, by when notice must be given, and how recurring revenue moves. Pure decisions."""
