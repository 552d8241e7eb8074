"""A paper as a PDF: A4, one visual identity, fonts embedded, QR code, pages numbered. The same paper gives the same bytes."""

import asyncio
import io
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from functools import partial
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer
from reportlab.platypus.frames import Frame
from reportlab.platypus.paragraph import Paragraph
from reportlab.platypus.tables import Table, TableStyle

from services.documents.dessin import AMBRE, BLEU, COTE_QR, ENCRE, FOND, GRIS, TRAIT, CodeQR, dessiner_la_marque
from services.documents.domain import imprimable
from services.documents.papier import Fait, Papier, Rubrique

NORMAL, DEMI_GRAS, GRAS, TITRES = "Roboto", "Roboto-Medium", "Roboto-Bold", "SourceSerifPro-Semibold"
LARGEUR, HAUTEUR = A4
MARGE = 22 * mm
HAUT, BAS = 33 * mm, 22 * mm
COLONNE = LARGEUR - 2 * MARGE
COTE_MARQUE = 11 * mm
NOMS = 40 * mm
ADRESSES = 84 * mm

for _paquet, _nom in (("font_roboto", NORMAL), ("font_roboto", DEMI_GRAS), ("font_roboto", GRAS), ("font_source_serif_pro", TITRES)):
    _fichier = f"{_nom}-Regular.ttf" if _nom == NORMAL else f"{_nom}.ttf"
    pdfmetrics.registerFont(TTFont(_nom, str(files(_paquet) / "files" / _fichier)))

TEXTE = ParagraphStyle("texte", fontName=NORMAL, fontSize=9.5, leading=13.2, textColor=ENCRE)
INTRODUCTION = ParagraphStyle("introduction", parent=TEXTE, fontSize=10.5, leading=15, spaceAfter=3)
ADRESSE = ParagraphStyle("adresse", parent=TEXTE, fontSize=10, leading=13.8)
NOM = ParagraphStyle("nom", parent=TEXTE, textColor=GRIS)
VALEUR = ParagraphStyle("valeur", parent=TEXTE, fontName=DEMI_GRAS)
TITRE = ParagraphStyle("titre", parent=TEXTE, fontName=TITRES, fontSize=23, leading=27, textColor=BLEU, spaceAfter=3)
SOUS_TITRE = ParagraphStyle("sous_titre", parent=TEXTE, fontName=TITRES, fontSize=14.5, leading=18.5, spaceAfter=2)
PRECISION = ParagraphStyle("precision", parent=TEXTE, fontName=DEMI_GRAS, fontSize=10, textColor=GRIS, spaceAfter=8)
RUBRIQUE = ParagraphStyle("rubrique", parent=TEXTE, fontName=TITRES, fontSize=12.5, leading=16, textColor=BLEU, spaceBefore=9, spaceAfter=3)
DE_TITRE = (TITRE, SOUS_TITRE, RUBRIQUE)
REPERES = ParagraphStyle("reperes", parent=NOM, fontSize=8.5, leading=11.3)
PETIT = ParagraphStyle("petit", parent=TEXTE, fontSize=8.5, leading=12, textColor=GRIS)

# reportlab's fonts keep the documents being written in common: one at a time, in a thread of their own, so that the loop stays free.
_ATELIER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")


async def imprimer(papier: Papier) -> bytes:
    """The PDF, made in its turn while the loop serves others."""
    return await a_son_tour(partial(rendre, papier))


async def a_son_tour(rendu: Callable[[], bytes]) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(_ATELIER, rendu)


def rendre(papier: Papier) -> bytes:
    """The PDF. Not from several threads at once: see `imprimer`."""
    sortie = io.BytesIO()
    document = BaseDocTemplate(
        sortie,
        pagesize=A4,
        title=imprimable(f"{papier.titre} – {papier.sous_titre}"),
        author=imprimable(papier.emetteur),
        subject=f"Référence {papier.reference}",
        creator="Inscription en ligne",
        lang="fr-FR",
        initialFontName=NORMAL,
        invariant=1,
    )
    cadre = Frame(MARGE, BAS, COLONNE, HAUTEUR - HAUT - BAS, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("page", [cadre], onPage=partial(dessiner_l_en_tete, papier.emetteur)))
    document.build(_contenu(papier), canvasmaker=partial(_Numerotee, papier=papier))
    return sortie.getvalue()


class _Numerotee(Canvas):
    """Numbers the pages once their count is known: « page 1 sur 2 »."""

    def __init__(self, *args: Any, papier: Papier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setViewerPreference("DisplayDocTitle", "true")
        self.setDateFormatter(lambda *_: papier.etabli_le.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))
        self._papier = papier
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 -- reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for rang, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._pied(rang, len(self._pages))
            super().showPage()
        super().save()

    def _pied(self, rang: int, total: int) -> None:
        self.setStrokeColor(TRAIT)
        self.setLineWidth(0.5)
        self.line(MARGE, 15.5 * mm, LARGEUR - MARGE, 15.5 * mm)
        self.setFont(NORMAL, 8)
        self.setFillColor(GRIS)
        self.drawString(
            MARGE, 11 * mm, _sur_une_ligne(f"Référence {self._papier.reference} – {self._papier.emetteur}", NORMAL, 8, 130 * mm)
        )
        self.drawRightString(LARGEUR - MARGE, 11 * mm, f"page {rang} sur {total}")


def dessiner_l_en_tete(emetteur: str, canvas: Canvas, _: BaseDocTemplate) -> None:
    canvas.setFillColor(BLEU)
    canvas.rect(0, HAUTEUR - 3 * mm, LARGEUR, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(AMBRE)
    canvas.rect(0, HAUTEUR - 3.8 * mm, LARGEUR, 0.8 * mm, stroke=0, fill=1)
    haut = HAUTEUR - 11 * mm
    dessiner_la_marque(canvas, MARGE, haut - COTE_MARQUE, COTE_MARQUE)
    gauche = MARGE + COTE_MARQUE + 4 * mm
    canvas.setFillColor(BLEU)
    police = _police_de_titre(emetteur)
    canvas.setFont(police, 13)
    canvas.drawString(gauche, haut - 4.8 * mm, _sur_une_ligne(emetteur, police, 13, LARGEUR - MARGE - gauche))
    canvas.setFillColor(GRIS)
    canvas.setFont(NORMAL, 9)
    canvas.drawString(gauche, haut - 9.8 * mm, "Inscription en ligne")


def _contenu(papier: Papier) -> list[Flowable]:
    contenu: list[Flowable] = [
        _suscription(papier),
        Spacer(1, 8 * mm),
        paragraphe(papier.titre, TITRE),
        paragraphe(papier.sous_titre, SOUS_TITRE),
        paragraphe(papier.precision, PRECISION),
        paragraphe(papier.introduction, INTRODUCTION),
    ]
    for rubrique in papier.rubriques:
        contenu += _rubrique(rubrique)
    return [*contenu, Spacer(1, 4 * mm), _authenticite(papier)]


def _suscription(papier: Papier) -> Flowable:
    """Whom it is for, to the right as on any French letter; what it is filed and verified under, to the left."""
    reperes = "<br/>".join(
        f"{net(nom)}<br/><font name='{DEMI_GRAS}' color='{ENCRE.hexval()}'>{net(fait)}</font>" for nom, fait in papier.reperes
    )
    premiere, *autres = papier.destinataire
    adresse = "<br/>".join([f"<font name='{GRAS}'>{net(premiere)}</font>", *(net(ligne) for ligne in autres)])
    table = Table(
        [[CodeQR(papier.verification), Paragraph(reperes, REPERES), Paragraph(adresse, ADRESSE)]],
        colWidths=[COTE_QR + 5 * mm, COLONNE - COTE_QR - 5 * mm - ADRESSES, ADRESSES],
        splitInRow=1,
    )
    return stylee(
        table, ("BACKGROUND", (2, 0), (2, 0), FOND), ("LEFTPADDING", (2, 0), (2, 0), 12), ("TOPPADDING", (2, 0), (2, 0), 9), marge=0
    )


def _rubrique(rubrique: Rubrique) -> list[Flowable]:
    # A title never stays alone at the foot of a page.
    parties: list[Flowable] = [CondPageBreak(24 * mm), paragraphe(rubrique.titre, RUBRIQUE)]
    if rubrique.faits:
        parties.append(_en_regard(rubrique.faits, VALEUR))
    if rubrique.conseils:
        parties.append(_en_regard(rubrique.conseils, TEXTE))
    return parties + [paragraphe(texte, TEXTE) for texte in rubrique.paragraphes]


def _en_regard(faits: tuple[Fait, ...], style: ParagraphStyle) -> Flowable:
    """Names to the left, what they name to the right. What is longer than a page goes on over the next."""
    lignes = [[paragraphe(nom, NOM), paragraphe(valeur, style)] for nom, valeur in faits]
    table = Table(lignes, colWidths=[NOMS, COLONNE - NOMS], splitByRow=1, splitInRow=1)
    return stylee(table, ("LINEABOVE", (0, 0), (-1, -1), 0.5, TRAIT), ("LINEBELOW", (0, -1), (-1, -1), 0.5, TRAIT), marge=3)


def _authenticite(papier: Papier) -> Flowable:
    adresse = net(papier.verification)
    return Paragraph(
        "Chacun peut vérifier que ce document est authentique, en lisant le code QR ou à l’adresse "
        f"<a href='{adresse}' color='{BLEU.hexval()}'>{adresse}</a>",
        PETIT,
    )


def stylee(table: Table, *commandes: tuple[Any, ...], marge: float) -> Table:
    tout = (0, 0), (-1, -1)
    communes = [
        ("FONTNAME", *tout, NORMAL),
        ("VALIGN", *tout, "TOP"),
        ("LEFTPADDING", *tout, 0),
        ("TOPPADDING", *tout, marge),
        ("BOTTOMPADDING", *tout, marge),
    ]
    table.setStyle(TableStyle([*communes, *commandes]))
    return table


def paragraphe(texte: str, style: ParagraphStyle) -> Paragraph:
    if style in DE_TITRE and _police_de_titre(texte) != TITRES:
        style = ParagraphStyle(style.name, parent=style, fontName=GRAS)
    return Paragraph(net(texte), style)


def net(texte: str) -> str:
    """As reportlab's markup, for people's text is no markup."""
    return escape(imprimable(texte), {"'": "&#39;", '"': "&quot;"})


def _police_de_titre(texte: str) -> str:
    """The font of titles where it has all the letters, else the bold of the text, which has more."""
    glyphes = pdfmetrics.getFont(TITRES).face.charToGlyph
    return TITRES if all(ord(lettre) in glyphes for lettre in imprimable(texte)) else GRAS


def _sur_une_ligne(texte: str, police: str, taille: float, largeur: float) -> str:
    texte = imprimable(texte)
    if pdfmetrics.stringWidth(texte, police, taille) <= largeur:
        return texte
    # As many letters as fit before the ellipsis: widths grow with them.
    tient = bisect_right(range(len(texte)), largeur, key=lambda combien: pdfmetrics.stringWidth(f"{texte[:combien]}…", police, taille))
    return f"{texte[: max(tient - 1, 0)].rstrip()}…"
