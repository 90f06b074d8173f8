"""The history's migrations, run by Alembic (https://alembic.sqlalchemy.org/)."""
