"""The loopback API for the extension. It alone knows FastAPI."""

from addon.imports import postpone

# Before any module of uvicorn: its command line, and the library for that.
postpone("uvicorn.main", ("Server", "main", "run"))
