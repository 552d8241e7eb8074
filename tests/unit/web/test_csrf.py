"""Forms that only our pages can send."""

from services.web import csrf

CLE = b"une cle de test"


def test_a_token_is_known_with_its_cookie_only() -> None:
    temoin = csrf.nouveau_temoin()
    jeton = csrf.jeton_du_temoin(temoin, CLE)
    assert csrf.temoin_reconnu(jeton, temoin, CLE)
    assert not csrf.temoin_reconnu(jeton, csrf.nouveau_temoin(), CLE)
    assert not csrf.temoin_reconnu(jeton, None, CLE)


def test_a_planted_cookie_forges_no_token() -> None:
    temoin = csrf.nouveau_temoin()
    for essai in ("", temoin, f"sel.{temoin}", csrf.jeton_du_temoin(temoin, b"une autre cle")):
        assert not csrf.temoin_reconnu(essai, temoin, CLE)


def test_two_pages_of_one_browser_are_both_good() -> None:
    temoin = csrf.nouveau_temoin()
    premier, second = csrf.jeton_du_temoin(temoin, CLE), csrf.jeton_du_temoin(temoin, CLE)
    assert premier != second
    assert csrf.temoin_reconnu(premier, temoin, CLE)
    assert csrf.temoin_reconnu(second, temoin, CLE)


def test_the_origin_must_be_ours_when_it_is_said() -> None:
    assert csrf.origine_reconnue("http://localhost:8080", "localhost:8080")
    assert csrf.origine_reconnue(None, "localhost:8080")
    for etrangere in ("http://localhost:9090", "null", "https://ailleurs.example", ""):
        assert not csrf.origine_reconnue(etrangere, "localhost:8080")
