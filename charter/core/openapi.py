"""OpenAPI 3.1 out of the route table: every API call with its roles, bodies and answers. Health stands here too."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint
from pydantic import BaseModel, TypeAdapter

from charter.core.api import call
from charter.core.routes import PUBLIC, ROUTES, Route

__all__ = ["bp", "document"]

bp = Blueprint("openapi", __name__)
SCHEMAS = "#/components/schemas/{model}"
ERROR = {"description": "RFC 9457 problem document",
         "content": {"application/problem+json": {"schema": {"$ref": SCHEMAS.format(model="Problem")}}}}
PROBLEM = {"type": "object", "required": ["title", "status", "code"],
           "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                          "code": {"type": "string"},
                          "errors": {"type": "array", "items": {"type": "object", "properties": {
                              "field": {"type": "string"}, "code": {"type": "string"},
                              "message": {"type": "string"}}}}}}


@call(bp, "GET", "/api/v1/openapi.json", roles=PUBLIC)
def openapi() -> dict[str, Any]:
    """This document."""
    return document()


def document() -> dict[str, Any]:
    """The whole API as an OpenAPI 3.1 document."""
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(ROUTES.values(), key=lambda found: found.rule):
        if route.kind == "api":
            paths.setdefault(_path(route.rule), {})[route.methods[0].lower()] = _operation(route, schemas)
    return {"openapi": "3.1.0", "info": {"title": "charter", "version": "1"}, "servers": [{"url": "/"}],
            "paths": paths, "components": {"schemas": schemas, "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"}}}}


def _path(rule: str) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.endpoint.replace(".", "_"), "summary": route.summary,
        "x-roles": sorted(route.roles) or ["anybody"], "parameters": _parameters(route),
        "responses": {str(route.status): {"description": "done", **_content(route.answer, schemas)}, "4XX": ERROR}}
    if route.roles != PUBLIC:
        made["security"] = [{"bearer": []}]
    if route.body is not None:
        made["requestBody"] = {"required": True, **_content(route.body, schemas)}
    if route.sends_form:
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file"], "properties": {
                "file": {"type": "string", "format": "binary"}, "employer": {"type": "string"}}}}}}
    return made


def _parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", route.rule)
    made = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    made += [{"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in route.query]
    if route.creates:
        made.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string",
                                                                                              "maxLength": 200}})
    return made


def _content(model: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    if model is None:
        return {}
    if isinstance(model, str):  # a media type of its own
        return {"content": {model: {"schema": {"type": "string", "format": "binary"}}}}
    schema = TypeAdapter(model).json_schema(ref_template=SCHEMAS, mode="validation")
    schemas.update(schema.pop("$defs", {}))
    if isinstance(model, type) and issubclass(model, BaseModel):
        schemas[model.__name__] = schema
        schema = {"$ref": SCHEMAS.format(model=model.__name__)}
    return {"content": {"application/json": {"schema": schema}}}
