"""Staff who sign in: users, teams, roles, permissions, keys; and the company they work for."""
