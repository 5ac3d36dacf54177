"""Bad input gets one line that says what, where and what to do; never a traceback."""

import os
import stat

import pytest

pytestmark = pytest.mark.timeout(60)


def test_an_unknown_setting_is_named_with_the_nearest_one(le):
    """A typo must not be a silent default."""
    le.settle("[politeness]\ndelai = 3\n")

    done = le("captures")

    assert done.code == 2
    assert "politeness.delai" in done.err
    assert "politeness.delay" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written_is_said(le):
    """The line names the folder and the way out."""
    le.home.chmod(stat.S_IRUSR | stat.S_IXUSR)

    done = le("captures")

    assert done.code == 1
    assert str(le.home) in done.err
    assert "--home" in done.err


def test_a_home_that_is_a_file_is_said(le, tmp_path):
    """So is a path that is no folder."""
    (tmp_path / "file").write_text("")
    le.home = tmp_path / "file"

    done = le("captures")

    assert done.code in (1, 2)
    assert done.err.count("\n") == 1
    assert str(le.home) in done.err


def test_what_is_no_warc_is_refused_and_the_rest_is_imported(le, tmp_path):
    """A bad file costs one line, not the batch."""
    junk, missing = tmp_path / "junk.warc.gz", tmp_path / "nowhere.warc.gz"
    junk.write_bytes(b"this is no WARC at all\n" * 40)

    done = le("import", str(junk), str(missing))

    assert done.code == 1
    assert str(junk) in done.err
    assert str(missing) in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("not a url", "bad_url", id="no URL"),
        pytest.param("gopher://news.example/", "http", id="another scheme"),
        pytest.param("http://127.0.0.1:1/", "connect", id="nobody there"),
        pytest.param("http://169.254.169.254/latest", "forbidden_address", id="a private address"),
    ],
)
def test_an_address_that_cannot_be_watched_is_one_line(le, address, reason):
    """What was wrong with which address."""
    done = le("watch", address)

    assert done.code == 1
    assert address in done.err
    assert reason in done.err
    assert done.err.count("\n") == 1


def test_a_feed_that_is_html_is_said(le, outlet):
    """A front page with nothing on it is not silently watched as a feed."""
    outlet.pages["/feed.xml"] = (200, "<html><body><p>Welcome!</p></body></html>")

    done = le("watch", outlet.address + "/feed.xml")

    assert done.code == 1
    assert outlet.address in done.err
    assert done.err.count("\n") == 1
