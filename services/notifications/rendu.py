"""A mail laid out: as text, and as HTML."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.kit.french import NBSP
from services.notifications.contenus import Contenu

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["NBSP"] = NBSP


def en_texte(contenu: Contenu) -> str:
    return _templates.get_template("mail.txt.j2").render(contenu=contenu)


def en_html(contenu: Contenu) -> str:
    return _templates.get_template("mail.html.j2").render(contenu=contenu)
