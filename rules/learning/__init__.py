"""Learns and measures the models of `rules.meaning`, with the whole engine. For developers: not in the wheel."""
