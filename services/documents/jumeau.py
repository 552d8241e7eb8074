"""A paper as an HTML page that any reader, and any screen reader, can follow."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.documents.domain import imprimable
from services.documents.papier import Papier


def _imprimable(valeur: object) -> object:
    return imprimable(valeur) if type(valeur) is str else valeur


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    finalize=_imprimable,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendre(papier: Papier) -> bytes:
    return _templates.get_template("papier.html.j2").render(papier=papier).encode()
