"""The catalogue of events and requests as AsyncAPI 3, generated from the models: who says what, who hears it."""

from typing import Any

from services.contracts import index
from services.contracts.base import Event, Message, Request
from services.contracts.topology import CONSUMERS

Document = dict[str, Any]

SCHEMA_FORMAT = "application/schema+json;version=draft-07"
HEADERS: Document = {
    "type": "object",
    "properties": {
        "Correlation-Id": {"type": "string", "description": "Follows one request through HTTP, NATS, Temporal and back."},
        "Nats-Msg-Id": {
            "type": "string",
            "format": "uuid",
            "description": "Of an event: its event_id, by which JetStream drops duplicates.",
        },
        "Problem": {"type": "string", "description": "Of a reply: slug of the RFC 9457 problem that is then its body."},
    },
}


def document() -> Document:
    """The whole AsyncAPI document."""
    channels: Document = {}
    operations: Document = {}
    for event in index.events():
        _add_event(event, channels, operations)
    for request in index.requests():
        _add_request(request, channels, operations)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Inscription en ligne",
            "version": "1",
            "description": "Events on JetStream and requests on NATS between the services. Only ever extended: a changed meaning is a v2.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:42220", "protocol": "nats", "description": "The local stack."}},
        "channels": channels,
        "operations": operations,
        "components": {"messages": {message.__name__: _message(message) for message in index.messages()}},
    }


def _add_event(event: type[Event], channels: Document, operations: Document) -> None:
    name = event.__name__
    channels[name] = {
        "address": f"{event.subject_prefix}.{{id}}",
        "messages": {name: _component(name)},
        "parameters": {"id": {"description": "UUID of the aggregate."}},
    }
    owner = index.owner_of(event.subject_prefix)
    operations[f"{owner}.publishes.{name}"] = _operation("send", name, owner)
    for consumer in CONSUMERS:
        if f"{event.subject_prefix}.*" in consumer.filters:
            hears = _operation("receive", name, consumer.service)
            operations[f"{consumer.service}.hears.{name}"] = hears | {"description": f"Durable consumer {consumer.durable}."}


def _add_request(request: type[Request[Any]], channels: Document, operations: Document) -> None:
    name, reply = request.__name__, request.reply.__name__
    channels[name] = {"address": request.subject, "messages": {name: _component(name)}}
    channels[f"{name}.reply"] = {
        "address": None,
        "description": "The private inbox of who asks.",
        "messages": {reply: _component(reply)},
    }
    owner = index.owner_of(request.subject)
    answers = {"channel": {"$ref": f"#/channels/{name}.reply"}, "messages": [{"$ref": f"#/channels/{name}.reply/messages/{reply}"}]}
    operations[f"{owner}.answers.{name}"] = _operation("receive", name, owner) | {"reply": answers}


def _operation(action: str, channel: str, service: str) -> Document:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{channel}"}],
        "tags": [{"name": service}],
    }


def _component(name: str) -> Document:
    return {"$ref": f"#/components/messages/{name}"}


def _message(message: type[Message]) -> Document:
    return {
        "name": message.__name__,
        "summary": (message.__doc__ or "").strip().split("\n")[0],
        "contentType": "application/json",
        "headers": HEADERS,
        "correlationId": {"location": "$message.header#/Correlation-Id"},
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"schemas/{message.__name__}.json"}},
    }
