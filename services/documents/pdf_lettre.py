"""The letter of the code as a PDF: one page, folded in three, its address in the window of the envelope."""

import io
from datetime import UTC
from functools import partial
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import Flowable, KeepInFrame, Spacer
from reportlab.platypus.frames import Frame
from reportlab.platypus.paragraph import Paragraph
from reportlab.platypus.tables import Table

from services.documents.dessin import AMBRE, BLEU, COTE_QR, ENCRE, FOND, GRIS, TRAIT, CodeQR
from services.documents.domain import imprimable
from services.documents.lettre import Lettre
from services.documents.pdf import (
    ADRESSE,
    COLONNE,
    DEMI_GRAS,
    GRAS,
    HAUTEUR,
    LARGEUR,
    MARGE,
    NORMAL,
    REPERES,
    RUBRIQUE,
    TEXTE,
    dessiner_l_en_tete,
    net,
    paragraphe,
    stylee,
)

# Where the window of a French DL envelope shows the paper, from its left and top edges.
FENETRE_GAUCHE, FENETRE_HAUT, FENETRE_LARGEUR, FENETRE_HAUTEUR = 108 * mm, 48 * mm, 82 * mm, 32 * mm
CORPS_HAUT, CORPS_BAS = 90 * mm, 20 * mm
PLI = 99 * mm
RANG = 9 * mm

COURANT = ParagraphStyle("courant", parent=TEXTE, fontSize=10, leading=14.2)
DATE = ParagraphStyle("date", parent=COURANT, alignment=TA_RIGHT)
LIBELLE = ParagraphStyle("libelle", parent=TEXTE, fontName=DEMI_GRAS, textColor=GRIS)
CODE = ParagraphStyle("code", parent=TEXTE, fontName=GRAS, fontSize=25, leading=34, textColor=BLEU)
NUMERO = ParagraphStyle("numero", parent=RUBRIQUE, spaceBefore=0, fontSize=13)
SIGNATURE = ParagraphStyle("signature", parent=COURANT, fontName=DEMI_GRAS, alignment=TA_RIGHT)


def rendre_la_lettre(lettre: Lettre) -> bytes:
    """The PDF, always of one page. Not from several threads at once: see `pdf.a_son_tour`."""
    sortie = io.BytesIO()
    document = BaseDocTemplate(
        sortie,
        pagesize=A4,
        title=imprimable(f"Lettre – {lettre.objet}"),
        author=imprimable(lettre.emetteur),
        subject="Code d’ouverture du compte d’une collectivité",
        creator="Inscription en ligne",
        lang="fr-FR",
        initialFontName=NORMAL,
        invariant=1,
    )
    hauteur = HAUTEUR - CORPS_HAUT - CORPS_BAS
    cadre = Frame(MARGE, CORPS_BAS, COLONNE, hauteur, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("lettre", [cadre], onPage=partial(_autour, lettre)))
    document.build([KeepInFrame(COLONNE, hauteur, _corps(lettre), mode="shrink")], canvasmaker=partial(_Datee, lettre=lettre))
    return sortie.getvalue()


class _Datee(Canvas):
    """Its title is shown rather than its file name, and its date is that of the letter."""

    def __init__(self, *args: Any, lettre: Lettre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setViewerPreference("DisplayDocTitle", "true")
        self.setDateFormatter(lambda *_: lettre.ecrite_le.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))


def _autour(lettre: Lettre, canvas: Canvas, document: BaseDocTemplate) -> None:
    """All that has its place on the paper, whatever the text."""
    dessiner_l_en_tete(lettre.emetteur, canvas, document)
    reperes = "<br/>".join(
        f"{net(nom)}<br/><font name='{DEMI_GRAS}' color='{ENCRE.hexval()}'>{net(fait)}</font>" for nom, fait in lettre.reperes
    )
    _poser(canvas, Paragraph(reperes, REPERES), MARGE, FENETRE_HAUT, 70 * mm)
    premiere, *autres = lettre.destinataire
    adresse = "<br/>".join([f"<font name='{GRAS}'>{net(premiere)}</font>", *(net(ligne) for ligne in autres)])
    dans_la_fenetre = KeepInFrame(FENETRE_LARGEUR, FENETRE_HAUTEUR, [Paragraph(adresse, ADRESSE)], mode="shrink")
    _poser(canvas, dans_la_fenetre, FENETRE_GAUCHE, FENETRE_HAUT, FENETRE_LARGEUR)
    canvas.setStrokeColor(TRAIT)
    canvas.setLineWidth(0.5)
    canvas.line(5 * mm, HAUTEUR - PLI, 9 * mm, HAUTEUR - PLI)
    canvas.line(MARGE, 15.5 * mm, LARGEUR - MARGE, 15.5 * mm)
    canvas.setFont(NORMAL, 8)
    canvas.setFillColor(GRIS)
    canvas.drawString(MARGE, 11 * mm, imprimable("Le mot de passe provisoire n’est pas dans cette lettre."))
    canvas.drawRightString(LARGEUR - MARGE, 11 * mm, "page 1 sur 1")


def _poser(canvas: Canvas, quoi: Flowable, gauche: float, haut: float, largeur: float) -> None:
    _, hauteur = quoi.wrapOn(canvas, largeur, HAUTEUR)
    quoi.drawOn(canvas, gauche, HAUTEUR - haut - hauteur)


def _corps(lettre: Lettre) -> list[Flowable]:
    corps: list[Flowable] = [
        paragraphe(lettre.lieu_et_date, DATE),
        Spacer(1, 5 * mm),
        Paragraph(f"<font name='{GRAS}'>Objet\N{NO-BREAK SPACE}:</font> {net(lettre.objet)}", COURANT),
        Spacer(1, 5 * mm),
        paragraphe("Madame, Monsieur,", COURANT),
        Spacer(1, 2.5 * mm),
        paragraphe(lettre.introduction, COURANT),
        Spacer(1, 5 * mm),
        _code(lettre),
        Spacer(1, 2 * mm),
        paragraphe("Pour ouvrir le compte", RUBRIQUE),
        _etapes(lettre),
    ]
    for titre, conseil in lettre.conseils:
        corps += [Spacer(1, 3 * mm), paragraphe(titre, LIBELLE), paragraphe(conseil, TEXTE)]
    return [*corps, Spacer(1, 5 * mm), paragraphe(lettre.politesse, COURANT), Spacer(1, 4 * mm), paragraphe(lettre.emetteur, SIGNATURE)]


def _code(lettre: Lettre) -> Flowable:
    contenu = [paragraphe("Le code de votre collectivité", LIBELLE), paragraphe(lettre.code, CODE), paragraphe(lettre.validite, TEXTE)]
    tout = (0, 0), (-1, -1)
    return stylee(
        Table([[contenu]], colWidths=[COLONNE]),
        ("BACKGROUND", *tout, FOND),
        ("LINEBEFORE", *tout, 2.4, AMBRE),
        ("LEFTPADDING", *tout, 16),
        marge=9,
    )


def _etapes(lettre: Lettre) -> Flowable:
    adresse = net(lettre.adresse_web)
    lien = f"<a href='{adresse}' color='{BLEU.hexval()}'><font name='{DEMI_GRAS}'>{adresse}</font></a>"
    etapes = [Paragraph(net(etape).replace(adresse, lien), COURANT) for etape in lettre.etapes]
    largeur = COLONNE - COTE_QR - 8 * mm
    lignes = [[paragraphe(str(rang), NUMERO), etape] for rang, etape in enumerate(etapes, start=1)]
    liste = stylee(Table(lignes, colWidths=[RANG, largeur - RANG]), marge=2.5)
    cadre = Table([[liste, CodeQR(lettre.adresse_web)]], colWidths=[largeur, COTE_QR + 8 * mm])
    return stylee(cadre, ("LEFTPADDING", (1, 0), (1, 0), 8 * mm), ("RIGHTPADDING", (0, 0), (-1, -1), 0), marge=0)
