"""The partner's and the customer's mark: told from its content, checked before it may stand on a report."""

import pytest
from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.config_sections import Partner
from natvakt_server.app.report_marks import report_marks
from natvakt_server.reports.marks import LARGEST_BYTES, BadMark, checked
from testkit.images import jpeg, png, svg

LINKED = ' xmlns:xlink="http://www.w3.org/1999/xlink"'
EXTERNAL = '<rect fill="url(http://example.net/x)"/>'
BAD_SVG = {
    "script": svg("<script>alert(1)</script>"),
    "handler": svg('<rect onload="alert(1)"/>'),
    "outside link": svg('<a xlink:href="http://example.net/"><rect/></a>', LINKED),
    "file": svg('<image xlink:href="file:///etc/passwd"/>', LINKED),
    "style from outside": svg("<style>@import url(http://example.net/x.css)</style>"),
    "paint from outside": svg(EXTERNAL),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("<text>&a;</text>"),
    "not closed": svg()[:-6],
    "no svg at its root": b"<html><svg/></html>",
    "not UTF-8": svg("<title>å</title>").decode().encode("latin-1"),
}


@pytest.mark.parametrize(("content", "kind"), [(png(120, 40), "image/png"), (jpeg(64, 32), "image/jpeg"), (svg(), "image/svg+xml")])
def test_a_good_image_is_taken_and_its_type_told_from_its_content(content, kind):
    mark = checked(content, "logo.txt")
    assert (mark.media_type, mark.content) == (kind, content)


@pytest.mark.parametrize("content", BAD_SVG.values(), ids=BAD_SVG.keys())
def test_an_svg_that_runs_or_refers_outside_is_refused(content):
    with pytest.raises(BadMark, match=r"logo\.svg"):
        checked(content, "logo.svg")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "0 bytes"),
        (b"x" * (LARGEST_BYTES + 1), "bytes"),
        (b"GIF89a\x01\x00\x01\x00", "none of PNG, JPEG and SVG"),
        (b"%PDF-1.7", "none of PNG, JPEG and SVG"),
        (png(8, 40), "8 x 40 pixels"),
        (png(5000, 16), "5000 x 16 pixels"),
        (jpeg(8, 8), "8 x 8 pixels"),
        (png(40, 40)[:20], "damaged or cut off"),
        (jpeg(40, 40)[:30], "damaged or cut off"),
        (png(40, 40)[:45], "cannot be drawn"),
    ],
)
def test_a_bad_image_is_refused_with_place_reason_and_way_out(content, says):
    with pytest.raises(BadMark, match=says) as refused:
        checked(content, "/srv/logo")
    assert str(refused.value).startswith("/srv/logo: ")
    assert "600 x 200" in str(refused.value)


def test_the_partners_mark_is_read_when_the_server_starts(tmp_path):
    (tmp_path / "logo.png").write_bytes(png(120, 40))
    marks = report_marks(Partner(logo=str(tmp_path / "logo.png")))
    (tmp_path / "logo.png").unlink()
    assert marks("acme").keys() == {"partner"}


def test_a_partners_mark_that_cannot_be_used_stops_the_start(tmp_path):
    with pytest.raises(ConfigurationError, match=r"partner\.logo.*cannot be read"):
        report_marks(Partner(logo=str(tmp_path / "none.png")))
    (tmp_path / "logo.png").write_bytes(b"GIF89a")
    with pytest.raises(ConfigurationError, match=r"partner\.logo.*none of PNG"):
        report_marks(Partner(logo=str(tmp_path / "logo.png")))


def test_each_customer_has_its_own_mark_and_no_other(tmp_path):
    (tmp_path / "acme.png").write_bytes(png(40, 40))
    marks = report_marks(Partner(customer_logos=str(tmp_path)))
    assert marks("acme")["customer"].content == png(40, 40)
    for other in ("globex", "acm", "acme.png", "../acme", "ACME", ""):
        assert marks(other) == {}


def test_a_customers_bad_mark_is_logged_and_left_out(tmp_path, caplog):
    (tmp_path / "acme.svg").write_bytes(BAD_SVG["script"])
    assert report_marks(Partner(customer_logos=str(tmp_path)))("acme") == {}
    assert "tenant=acme" in caplog.text
    assert report_marks(Partner(customer_logos=str(tmp_path / "none")))("acme") == {}


def test_without_images_a_report_has_none():
    assert report_marks(Partner())("acme") == {}
