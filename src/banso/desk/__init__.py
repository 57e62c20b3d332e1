"""Staff pages that cut across areas: today, portfolio, one account, reports. No models, no writes of its own."""
