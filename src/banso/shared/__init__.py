"""Money, business calendar, periods, text: pure, few, known to all."""
