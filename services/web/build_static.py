"""`python -m services.web.build_static`: copies what the pages need from node_modules to static/vendor.

Only the icons that the pages use leave the icon set, as one sprite.
"""

import re
import shutil
import sys
from pathlib import Path

from services.kit.french import NBSP

RACINE = Path(__file__).resolve().parents[2]
MODULES = RACINE / "node_modules"
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"

FICHIERS: dict[str, str] = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@fontsource/spectral/files/spectral-latin-500-normal.woff2": "spectral-500.woff2",
    "@fontsource/spectral/files/spectral-latin-600-normal.woff2": "spectral-600.woff2",
    "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson.woff2",
    "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-italic.woff2": "atkinson-italic.woff2",
    "bootstrap/LICENSE": "LICENSE.bootstrap",
    "bootstrap-icons/LICENSE": "LICENSE.bootstrap-icons",
    "htmx.org/LICENSE": "LICENSE.htmx",
    "@fontsource/spectral/LICENSE": "LICENSE.spectral",
    "@fontsource-variable/atkinson-hyperlegible-next/LICENSE": "LICENSE.atkinson",
}

ICONES: tuple[str, ...] = (
    "arrow-left",
    "arrow-return-left",
    "arrow-right",
    "box-arrow-right",
    "calendar3",
    "chat-square-text",
    "check-circle-fill",
    "check-lg",
    "clock-history",
    "building",
    "building-add",
    "diagram-2",
    "download",
    "envelope",
    "envelope-check-fill",
    "exclamation-circle",
    "exclamation-triangle-fill",
    "file-earmark-pdf",
    "file-earmark-text",
    "geo-alt",
    "hand-thumbs-down-fill",
    "hand-thumbs-up-fill",
    "hourglass-split",
    "house",
    "inbox",
    "info-circle-fill",
    "journal-text",
    "list-ol",
    "patch-check-fill",
    "people",
    "person",
    "plus-slash-minus",
    "question-circle",
    "search",
    "send-fill",
    "shield-check",
    "slash-circle",
    "x-circle-fill",
)

_SVG = re.compile(r'<svg[^>]*viewBox="(?P<cadre>[^"]+)"[^>]*>(?P<dessin>.*)</svg>', re.DOTALL)


def construire(modules: Path = MODULES, vendor: Path = VENDOR) -> None:
    """Make `vendor` anew. FileNotFoundError when the packages are not installed."""
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, nom in FICHIERS.items():
        shutil.copyfile(modules / source, vendor / nom)
    (vendor / "icones.svg").write_text(planche(modules / "bootstrap-icons" / "icons"), encoding="utf-8")


def planche(dossier: Path) -> str:
    """One SVG with a symbol per icon."""
    symboles = []
    for nom in ICONES:
        trouve = _SVG.search((dossier / f"{nom}.svg").read_text(encoding="utf-8"))
        if trouve is None:
            raise ValueError(f"{nom}.svg is not drawn as expected")
        symboles.append(f'<symbol id="{nom}" viewBox="{trouve["cadre"]}">{" ".join(trouve["dessin"].split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symboles)}</svg>\n'


if __name__ == "__main__":
    try:
        construire()
    except FileNotFoundError as erreur:
        sys.exit(f"Il manque {erreur.filename}{NBSP}: lancez «{NBSP}npm ci{NBSP}», puis recommencez.")
