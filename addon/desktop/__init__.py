"""Koban's own browser window, and the trust stores of this user."""
