"""`lateedition extract`."""

import base64
import binascii
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import click

from archive.model import Extraction, PageKind


@click.command("extract", epilog="Example: lateedition extract --format jsonl < pages.jsonl > texts.jsonl")
@click.option("--format", "output", type=click.Choice(["jsonl"]), default="jsonl", show_default=True)
def command(output: str) -> None:  # noqa: ARG001 - one format today; scripts name it
    """
    Read pages as JSON lines on standard input, print what each says.

    In: {"id": …, "url": …, "html_path": … or "html_b64": …, "content_type": …}. One bad page gives one line with
    `error`; it never stops the batch.
    """
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(_answer(line), ensure_ascii=False), flush=True)


def _answer(line: str) -> dict[str, Any]:
    asked: Any = None
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            message = "a line must be one JSON object"
            raise TypeError(message)
        from archive.text import extract

        said = extract(_html(asked), url=str(asked.get("url") or ""), content_type=asked.get("content_type"))
    except (ValueError, TypeError, OSError, KeyError, binascii.Error, EOFError) as error:
        said = Extraction(page_kind=PageKind.ERROR, error=str(error) or type(error).__name__)
    return {"id": asked.get("id") if isinstance(asked, dict) else None, **_keys(said)}


def _html(asked: dict[str, Any]) -> bytes:
    if "html_b64" in asked:
        return base64.b64decode(asked["html_b64"])
    if "html_path" not in asked:
        message = "neither html_path nor html_b64 is given"
        raise ValueError(message)
    path = Path(asked["html_path"])
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _keys(said: Extraction) -> dict[str, Any]:
    from archive.reading.lines import iso

    return {
        "page_kind": said.page_kind,
        "headline": said.headline,
        "dek": said.dek,
        "authors": list(said.authors),
        "published_at": said.published_at,
        "modified_at": said.modified_at,
        "body": "\n".join(said.body),
        "notes": [
            {
                "kinds": list(note.kinds),
                "text": note.text,
                "stated_at": iso(note.stated_at),
                "stated_at_assumed": list(note.stated_at_assumed),
                "position": note.position,
            }
            for note in said.notes
        ],
        "canonical": said.canonical,
        "language": said.language,
        "image": said.image,
        "section": said.section,
        "error": said.error,
    }
