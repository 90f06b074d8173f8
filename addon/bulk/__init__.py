"""Tables of texts: judged by several processes, compared with one another, and reported on (docs/bulk.md)."""
