"""XML of strangers, read as a stream: no document type, no entities, nothing kept that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from charter.rosters.reader.limits import Refusal

__all__ = ["Attributes", "elements", "feed", "make_parser", "prefix_of"]

Attributes = dict[str, str]
TOKEN_BYTES = 8_000_000  # one tag or comment: the parser begins a longer one again with every chunk


def _refuse(*_: Any) -> None:
    raise Refusal("entities")


def make_parser(*, separator: str | None = None) -> expat.XMLParserType:
    """A parser that refuses a document type at its first letter, so entities cannot exist."""
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    return parser


def feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> Iterator[None]:
    """Parse chunk by chunk, so that the caller can hand on what its handlers gathered."""
    given = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            given += len(chunk)
            if given - parser.CurrentByteIndex > TOKEN_BYTES:
                raise Refusal("content_too_large")
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise Refusal("damaged") from error


def elements(chunks: Iterable[bytes], seen: Callable[[str, Attributes], None],
             left: Callable[[str], None] | None = None) -> None:
    """Walk a part, telling each element's local name and attributes (by local names too)."""
    parser = make_parser()

    def start(tag: str, attributes: Attributes) -> None:
        seen(tag.rpartition(":")[2], {name.rpartition(":")[2]: value for name, value in attributes.items()})

    parser.StartElementHandler = start
    if left is not None:
        parser.EndElementHandler = lambda tag: left(tag.rpartition(":")[2])
    for _ in feed(parser, chunks):
        pass


def prefix_of(tag: str) -> str:
    """'x:' of 'x:worksheet', '' of 'worksheet'."""
    return tag[: tag.rfind(":") + 1]
