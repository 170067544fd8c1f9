import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from apprise import Apprise
from hypothesis import given, settings
from hypothesis import strategies as st

from config.addresses import Addresses, read_address, resolve
from config.settings import ConfigError, load

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
Written = Callable[[str | bytes], Path]
Resolve = Callable[..., Addresses]


@pytest.fixture
def resolved(written: Written, good: str, tmp_path: Path) -> Resolve:
    """What the good config's addresses resolve to; `to` replaces the subscriber's."""

    def resolve_with(environ: dict[str, str], to: str = '["${RESIDENTS_MAIL}"]', more: str = "") -> Addresses:
        path = written(good.replace('["${RESIDENTS_MAIL}"]', to) + more)
        return resolve(load(path), environ, run_secrets=tmp_path / "secrets")

    return resolve_with


@pytest.fixture
def error_with(resolved: Resolve, tmp_path: Path) -> Callable[..., str]:
    def error(environ: dict[str, str], to: str = '["${RESIDENTS_MAIL}"]', more: str = "") -> str:
        with pytest.raises(ConfigError) as caught:
            resolved(environ, to, more)
        assert str(caught.value).isprintable()
        return str(caught.value).replace(f"{tmp_path}/", "")

    return error


def urls(addresses: tuple[object, ...]) -> list[str]:
    return [address.url.get_secret_value() for address in addresses]  # type: ignore[attr-defined]


# --- variables --------------------------------------------------------------------------------------------------------


def test_the_environment_comes_first_then_the_named_file_then_run_secrets(resolved: Resolve, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "residents_mail").write_text("json://in-lower-case\n")
    assert urls(resolved({}).of_subscriber["residents"]) == ["json://in-lower-case"]
    (tmp_path / "secrets" / "RESIDENTS_MAIL").write_text("json://in-secrets\n")
    assert urls(resolved({}).of_subscriber["residents"]) == ["json://in-secrets"]
    (tmp_path / "mail.txt").write_text("  json://in-file\r\n")
    environ = {"RESIDENTS_MAIL_FILE": str(tmp_path / "mail.txt")}
    assert urls(resolved(environ).of_subscriber["residents"]) == ["json://in-file"]
    assert urls(resolved({"RESIDENTS_MAIL_FILE": "mail.txt"}).of_subscriber["residents"]) == ["json://in-file"]
    environ["RESIDENTS_MAIL"] = " json://in-environment "
    assert urls(resolved(environ).of_subscriber["residents"]) == ["json://in-environment"]


def test_variables_inside_an_address(resolved: Resolve) -> None:
    found = resolved({"U": "bob", "P": "p$x{y}"}, '["json://${U}:${P}@127.0.0.1/a$b"]')
    assert urls(found.of_subscriber["residents"]) == ["json://bob:p$x{y}@127.0.0.1/a$b"]


def test_a_value_is_not_looked_through_for_variables_again(resolved: Resolve) -> None:
    found = resolved({"A": "json://127.0.0.1/${B}", "B": "x"}, '["${A}"]')
    assert urls(found.of_subscriber["residents"]) == ["json://127.0.0.1/${B}"]


def test_a_missing_variable(error_with: Callable[..., str]) -> None:
    assert error_with({}) == (
        'councilwatch.toml:13: [[subscriber]] 1 "residents": to, entry 1: ${RESIDENTS_MAIL} is not set; put it into '
        "the environment, into a file that RESIDENTS_MAIL_FILE names, or into secrets/RESIDENTS_MAIL"
    )
    assert error_with({"RESIDENT_MAIL": "x"}).endswith("; did you mean ${RESIDENT_MAIL}?")


def test_an_empty_value_and_one_of_several_lines(error_with: Callable[..., str]) -> None:
    assert "${RESIDENTS_MAIL} is empty" in error_with({"RESIDENTS_MAIL": "  "})
    assert "${RESIDENTS_MAIL} must be one line" in error_with({"RESIDENTS_MAIL": "json://a\njson://hunter2"})
    assert "hunter2" not in error_with({"RESIDENTS_MAIL": "json://a\njson://hunter2"})


def test_a_named_file_that_cannot_be_read(error_with: Callable[..., str], tmp_path: Path) -> None:
    assert "none.txt cannot be read: No such file" in error_with({"RESIDENTS_MAIL_FILE": "none.txt"})
    assert "cannot be read: Is a directory" in error_with({"RESIDENTS_MAIL_FILE": str(tmp_path)})
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert "bytes is not UTF-8 text" in error_with({"RESIDENTS_MAIL_FILE": "bytes"})
    (tmp_path / "bytes").write_bytes(b"\n")
    assert "bytes, which holds ${RESIDENTS_MAIL}, is empty" in error_with({"RESIDENTS_MAIL_FILE": "bytes"})


def test_the_operator_and_the_heartbeat(resolved: Resolve, error_with: Callable[..., str]) -> None:
    more = '[operator]\nto = ["${OP}"]\nheartbeat = "${BEAT}"\n'
    environ = {"RESIDENTS_MAIL": "json://a", "OP": "json://b", "BEAT": "https://example.org/alive?key=1"}
    found = resolved(environ, more=more)
    assert urls(found.operator) == ["json://b"]
    assert found.heartbeat == "https://example.org/alive?key=1"
    line = error_with(environ | {"BEAT": "hunter2"}, more=more)
    assert line.startswith("councilwatch.toml:17: [operator] heartbeat: ${BEAT}: must begin with")
    assert "hunter2" not in line
    assert ":16: [operator] to, entry 1: ${OP} is not set" in error_with({"RESIDENTS_MAIL": "json://a"}, more=more)


def test_an_address_given_twice_is_one(resolved: Resolve) -> None:
    to = '["json://a", "json://a", "mailto://u:p@h.org?to=a@b.org", "mailto://u:p@h.org?to=a@b.org,c@d.org"]'
    assert [address.label for address in resolved({}, to).of_subscriber["residents"]] == [
        "json hook at a",
        "mail to a…@b.org",
        "mail to c…@d.org",
    ]


# --- what Apprise reads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "labels", "scheme"),
    [
        ("mailto://user:s3cret@example.org", ["mail to u…@example.org"], "mailto"),
        ("mailtos://u:s3cret@smtp.x.org?to=anna@b.org", ["mail to a…@b.org"], "mailtos"),
        ("mailto://127.0.0.1:2525?from=a@b.org&to=carl+tag@d.org", ["mail to c…@d.org"], "mailto"),
        ("mailto://u:s3cret@smtp.x.org?to=a@b.org,c@d.org", ["mail to a…@b.org", "mail to c…@d.org"], "mailto"),
        ("mailto://u:s3cret@smtp.x.org/a@b.org?to=c@d.org", ["mail to a…@b.org", "mail to c…@d.org"], "mailto"),
        (
            "mailto://u:s3cret@smtp.x.org?to=a@b.org&cc=c@d.org&bcc=e@f.org",
            ["mail to a…@b.org", "mail to c…@d.org", "mail to e…@f.org"],
            "mailto",
        ),
        (SLACK, ["slack"], "slack"),
        (SLACK + "/#planning", ["slack #planning"], "slack"),
        (SLACK + "/#planning/#dogs", ["slack #planning", "slack #dogs"], "slack"),
        (SLACK + "?to=planning,dogs", ["slack #planning", "slack #dogs"], "slack"),
        (SLACK.replace("slack://", "https://hooks.slack.com/services/"), ["slack"], "slack"),
        ("json://user:s3cret@127.0.0.1:8080/hook/s3cret", ["json hook at 127.0.0.1"], "json"),
        ("jsons://example.org/s3cret", ["json hook at example.org"], "jsons"),
        ("xml://example.org", ["xml hook at example.org"], "xml"),
        ("gotify://example.org/s3cretabcdefghijk", ["gotify at example.org"], "gotify"),
        ("ntfy://s3cret", ["ntfy"], "ntfy"),
        ("ntfys://example.org/s3cret/other", ["ntfy", "ntfy"], "ntfys"),
        ("discord://4174216298/s3cretHMHI8qBe7bk2ZwO5U711o3dV_js", ["discord"], "discord"),
        ("tgram://123456789:s3cret_hijklmnop/12315544/999", ["telegram", "telegram"], "tgram"),
    ],
)
def test_each_recipient_has_a_url_and_a_label_of_its_own(url: str, labels: list[str], scheme: str) -> None:
    found = read_address(url)
    assert [address.label for address in found] == labels
    assert {address.scheme for address in found} == {scheme}
    assert len({address.url.get_secret_value() for address in found}) == len(found)
    for address in found:
        service = Apprise.instantiate(address.url.get_secret_value())
        assert service is not None
        assert len(service) == 1
        for secret in ("s3cret", "TIiajkdnlazkcOXrIdevi7FQ"):
            assert secret not in repr(address)
            assert secret not in str(address.url)


def test_parting_recipients_keeps_every_option() -> None:
    url = "mailtos://smtp.x.org:587?user=u%40x.org&pass=p%2Fq&to=Bob<a@b.org>,k+l@l.org&from=Z<z@q.org>&mode=ssl"
    first, second = (Apprise.instantiate(address.url.get_secret_value()) for address in read_address(url))
    assert first is not None
    assert second is not None
    assert [first.targets, second.targets] == [[(False, "a@b.org")], [(False, "k+l@l.org")]]
    for part in (first, second):
        assert (part.user, part.password, part.smtp_host, part.port) == ("u@x.org", "p/q", "smtp.x.org", 587)
        assert (part.secure_mode, tuple(part.from_addr)) == ("ssl", ("Z", "z@q.org"))


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("mailtoo://u:hunter2@example.org", 'Apprise does not know "mailtoo://"; did you mean "mailto://"?'),
        ("slak://hunter2", 'Apprise does not know "slak://"; did you mean "slack://"?'),
        ("zzzzzzzz://hunter2", 'Apprise does not know "zzzzzzzz://"; appriseit.com lists'),
        ("hunter2@example.org", "a mail address alone does not say by which server; write it as mailtos://USER:PASS"),
        ("mailto:hunter2@example.org", "a mail address alone does not say by which server"),
        ("hunter2", 'is not an address that Apprise can read; it begins like "mailtos://"'),
        ("https://example.org/hunter2", "for a web hook of your own write jsons:// in place of https://"),
        ("slack://hunter2", "Apprise cannot read what follows slack://"),
        ("mailto://", "Apprise cannot read what follows mailto://"),
        ("json://a, json://hunter2", "holds several addresses; give each its own entry"),
        ("mailto://u:hunter2@h.org?to=a@b.org;c@d.org", "not every recipient can be read as a mail address"),
        ("mailto://u:hunter2@h.org?to=a@b.org,hunter2", "not every recipient can be read as a mail address"),
        ("mailto://u:hunter2@h.org?to=a@b.org&to=c@d.org", "not every recipient can be read as a mail address"),
    ],
)
def test_what_apprise_cannot_read_is_said_without_repeating_it(
    error_with: Callable[..., str],
    url: str,
    error: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        line = error_with({"RESIDENTS_MAIL": url})
    assert line.startswith('councilwatch.toml:13: [[subscriber]] 1 "residents": to, entry 1: ${RESIDENTS_MAIL}: ')
    assert error in line
    assert "hunter2" not in line + caplog.text + "".join(capfd.readouterr())


@given(st.text(max_size=40) | st.from_regex(r"(mailto|slack|json|ntfy)s?://[ -~]{0,40}", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_any_address_ends_in_recipients_or_a_value_error(url: str) -> None:
    try:
        found = read_address(url)
    except ValueError:
        return
    assert found
    assert all(Apprise.instantiate(address.url.get_secret_value()) is not None for address in found)
