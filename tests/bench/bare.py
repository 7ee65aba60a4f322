"""The floor: a bare Flask and psycopg application with one INSERT and one UPDATE, served like charter itself."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, request
from psycopg_pool import ConnectionPool

__all__ = ["TABLE", "app", "insert_at"]

TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text NOT NULL)"


def insert_at(url: str) -> Flask:
    """The application on the database at `url`, whose table it makes."""
    made = Flask("bare")
    pool = ConnectionPool(url, min_size=4, max_size=8, open=True)
    with pool.connection() as connection:
        connection.execute(TABLE)

    @made.post("/")
    def insert() -> dict[str, Any]:
        word = request.get_json()["word"]
        with pool.connection() as connection:
            row = connection.execute("INSERT INTO bare (word) VALUES (%s) RETURNING id", (word,)).fetchone()
        return {"id": row[0] if row else None}

    @made.post("/update")
    def update() -> dict[str, Any]:
        with pool.connection() as connection:
            row = connection.execute("UPDATE bare SET word = %s WHERE id = %s RETURNING id",
                                     (request.get_json()["word"], request.get_json()["id"])).fetchone()
        return {"id": row[0] if row else None}
    return made


app = insert_at(os.environ["BARE_DATABASE"]) if "BARE_DATABASE" in os.environ else None
