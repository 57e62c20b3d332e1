"""Where customers outgrow what they bought: use held against the limits of contracts, and when a limit is passed."""
