"""The floor: a bare Flask and psycopg application with one INSERT, served like charter itself."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, request
from psycopg_pool import ConnectionPool

app = Flask("bare")
pool = ConnectionPool(os.environ["BARE_DATABASE"], min_size=4, max_size=8, open=True)


@app.post("/")
def insert() -> dict[str, Any]:
    """One row in, its number out."""
    word = request.get_json()["word"]
    with pool.connection() as connection:
        row = connection.execute("INSERT INTO bare (word) VALUES (%s) RETURNING id", (word,)).fetchone()
    return {"id": row[0] if row else None}
