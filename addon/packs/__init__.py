"""Packs: rules that reach a running Koban without a release, signed, tried before they are taken, and safe to lose."""
