"""`channels`, `rules` and `alerts` as they are typed."""

import json

import pytest

from tests.system.conftest import eventually
from tests.system.test_run import BODY

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def desk(le):
    """A home with a channel."""
    assert le("channels", "add", "desk", "http://127.0.0.1:9/hook").code == 0
    return le


RULES = """
[rule.silent]
to = "desk"
disclosure = "silent"
not = { source = "wire.example" }

[rule.money]
to = "desk"
any = [{ added = "million" }, { removed = "million" }]
group = "day"
at = "07:30"
"""


def test_rules_travel_as_a_file(desk, tmp_path):
    """Import, look, export, import again: nothing changes."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    first = desk("rules", "import", str(file))
    again = desk("rules", "import", str(file))
    exported = desk("rules", "export").out
    file.write_text(exported)
    same = desk("rules", "import", str(file))
    listed = desk("rules", "list", "--format", "jsonl").lines

    assert "2 added" in first.err
    assert "2 as before" in again.err
    assert "2 as before" in same.err
    assert [one["rule"] for one in listed] == ["money", "silent"]
    assert listed[0]["at"] == "07:30"


def test_a_file_that_changes_a_rule_replaces_it_only_when_told(desk, tmp_path):
    """A slip does not overwrite what a colleague wrote."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    desk("rules", "import", str(file))
    file.write_text(RULES.replace("07:30", "08:30"))
    refused = desk("rules", "import", str(file))
    tried = desk("rules", "import", str(file), "--replace", "--dry-run")
    replaced = desk("rules", "import", str(file), "--replace")

    assert refused.code == 1
    assert "money" in refused.err
    assert "1 would be replaced" in tried.err
    assert "1 replaced" in replaced.err
    assert "08:30" in desk("rules", "show", "money").out


def test_a_file_with_one_bad_rule_adds_none(desk, tmp_path):
    """Half an import would leave people guessing."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES.replace('removed = "million"', 'remoed = "million"'))
    done = desk("rules", "import", str(file))

    assert done.code == 1
    assert "did you mean `removed`" in done.err
    assert desk("rules", "list", "--format", "jsonl").lines == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(
            ["rules", "add", "x", "--to", "nosuch"], 1, "nosuch: no such channel", id="unknown-channel"
        ),
        pytest.param(["rules", "add", "x", "--to", "desk", "--quiet", "22"], 2, "write it as", id="quiet"),
        pytest.param(
            ["rules", "add", "x", "--to", "desk", "--contains", "…"], 2, "holds no word", id="no-word"
        ),
        pytest.param(["channels", "add", "c", "http://"], 1, "is no address", id="no-address"),
        pytest.param(["channels", "add", "c", "nosuch://x/y"], 1, "is not sent to", id="unknown-scheme"),
        pytest.param(["channels", "change", "desk"], 2, "nothing to change", id="no-change"),
        pytest.param(["channels", "change", "nosuch", "--off"], 1, "no such channel", id="change-unknown"),
        pytest.param(
            ["channels", "add", "c", "http://x/", "--secret-env", "whsec_/+="], 2, "name of an", id="secret"
        ),
        pytest.param(["alerts", "mute"], 2, "mutes everything", id="mute-everything"),
        pytest.param(["alerts", "mute", "--rule", "nosuch"], 1, "no such rule", id="mute-unknown"),
        pytest.param(["alerts", "unmute", "7"], 1, "no such mute", id="unmute-unknown"),
        pytest.param(["alerts", "retry"], 2, "name deliveries", id="retry-nothing"),
        pytest.param(["alerts", "retry", "nosuch"], 1, "no such delivery", id="retry-unknown"),
        pytest.param(["rules", "backtest", "nosuch"], 1, "no such rule", id="backtest-unknown"),
        pytest.param(["rules", "import", "nosuch.toml"], 1, "nosuch.toml", id="no-file"),
        pytest.param(["rules", "export"], 1, "no rules", id="export-nothing"),
    ],
)
def test_bad_input_gets_one_line(desk, arguments, code, said):
    """What, where, and what to do; no traceback."""
    done = desk(*arguments)

    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_secrets_are_never_printed(desk):
    """Not of webhooks, mail or chat; the variables' names are."""
    desk("channels", "add", "mail", "mailto://user:hunter2@mail.example?to=a@b.example")
    desk(
        "channels",
        "add",
        "hook",
        "https://u:hunter2@desk.example/services/T0123hunter2abc",
        "--secret-env",
        "S1",
    )
    shown = desk("channels", "list").out + desk("channels", "list", "--format", "jsonl").out

    assert "hunter2" not in shown
    assert "S1" in shown


def test_a_channel_is_changed_in_place(desk):
    """Secrets are rotated, a cap set, and it is switched off and on."""
    desk(
        "channels", "change", "desk", "--secret-env", "NEW", "--secret-env", "OLD", "--cap", "5", "--watchdog"
    )
    [changed] = desk("channels", "list", "--format", "jsonl").lines
    desk("channels", "change", "desk", "--off")
    [off] = desk("channels", "list", "--format", "jsonl").lines

    assert (changed["secrets"], changed["cap"], changed["watchdog"]) == (["NEW", "OLD"], 5, True)
    assert (off["state"], off["reason"]) == ("off", "switched off")


def test_an_edit_meets_rules_and_their_tests(desk, outlet):
    """`rules test` says why, `rules backtest` what would have been sent, mutes what is not."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    desk("watch", outlet.address + "/feed.xml", "--name", "outlet")
    desk("crawl", "--once")
    changed = [BODY[0], BODY[1].replace("42", "58"), BODY[2]]
    outlet.publish("swing-bridge-to-close", "Swing bridge to close", *changed)
    for _ in range(2):
        desk("crawl", "--once", "--refetch")
    [event] = desk("edits", "--format", "jsonl").lines
    desk("rules", "add", "money", "--to", "desk", "--added", "58", "--severity", "material")
    desk("rules", "add", "other", "--to", "desk", "--added", "42")
    fits = desk("rules", "test", "money", event["event"])
    fails = desk("rules", "test", "other", event["event"])
    found = desk("rules", "backtest", "money", "--days", "1", "--format", "jsonl").lines
    table = desk("rules", "backtest", "money")

    assert fits.code == 0
    assert "yes  added 58" in fits.out
    assert fails.code == 1
    assert "no   added 42 (not among the words that came)" in fails.out
    assert [one["event"] for one in found] == [event["event"]]
    assert "Swing bridge to close" in table.out
    assert "1 of 1 events on 1 days" in table.err
    assert desk("alerts", "mute", "--article", address, "--hours", "2").code == 0
    [mute] = desk("alerts", "mutes", "--format", "jsonl").lines
    assert mute["article"] == address
    assert desk("alerts", "unmute", str(mute["mute"])).code == 0


def test_a_delivery_that_failed_is_seen_and_tried_again(le, outlet, service):
    """The receiver answers 404 until it is mended."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    le("watch", outlet.address + "/feed.xml", "--name", "outlet")
    le("channels", "add", "desk", "http://127.0.0.1:9/closed")
    le("rules", "add", "everything", "--to", "desk")
    running = service()
    eventually(lambda: le("captures", "--url", address, "--format", "jsonl").lines)
    outlet.publish(
        "swing-bridge-to-close", "Swing bridge to close", BODY[0], BODY[1].replace("42", "58"), BODY[2]
    )
    tried = eventually(
        lambda: [one for one in le("alerts", "list", "--format", "jsonl").lines if one["attempts"] >= 1]
    )
    shown = json.loads(le("alerts", "show", tried[0]["delivery"]).out)
    retried = le("alerts", "retry", "--channel", "desk")
    again = eventually(
        lambda: [one for one in le("alerts", "list", "--format", "jsonl").lines if one["attempts"] >= 2]
    )
    running.end()

    assert tried[0]["state"] == "retrying"
    assert tried[0]["last_error"]
    assert shown["told"][0]["event"] == tried[0]["events"][0]
    assert "1 tried again" in retried.err
    assert again[0]["delivery"] == tried[0]["delivery"]
