"""Koban beside what one would pick instead. `make bench` runs all of it; each program also runs by itself."""
