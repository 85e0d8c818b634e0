"""The linter of the door: what must not leave, and what is everybody's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talk.lint import PIECE, find, prints_of

STAFF = ("Omar Haddad", "林浩")
RND = "The nightly compaction job holds a lock on the tenant table, see the fix that is not merged yet."


def _kinds(text, **known):
    return [finding.kind for finding in find(text, **{"names": STAFF, **known})]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("omar haddad will look at it", "name"),
        ("Omar will look at it", "name"),
        ("林浩会跟进", "name"),
        ("see https://git.harbour.example/x", "host"),
        ("open http://grafana.ops.internal/d/1", "host"),
        ("known as KSE-812 with us", "tracker"),
        ("this is JIRA-77", "tracker"),
        ("our request H-4K7Q9D is open", "tracker"),
        ("fixed by 3f2a9c1d4e", "commit"),
        ("try ssh 10.20.30.40", "address"),
        ("write to someone@harbour-dev.com", "address"),
        ("built in /home/lihang/go/src", "path"),
        ("-----BEGIN RSA PRIVATE KEY-----", "secret"),
        ("AKIAABCDEFGHIJKLMNOP", "secret"),
        ("password: hunter22x", "secret"),
        ("密码：p@ssw0rd1", "secret"),
        ("zero\u200bwidth", "hidden"),
        ("turn\u202earound", "hidden"),
    ],
)
def test_what_must_not_leave_is_found(text, kind):
    assert kind in _kinds(text, hosts=("harbour.example",), trackers=("KSE",))


@pytest.mark.parametrize(
    "text",
    [
        "Please run `kubectl -n kubesphere-system get pods -o wide`.",
        "CVE-2024-3094 does not concern you; use TLS-1 no more, UTF-8 is fine.",
        "ks-apiserver.kubesphere-system.svc.cluster.local answers on 10.96.0.1",
        "The default pod network is 10.233.64.0/18.",
        "Set `password: <your password>` in config.yaml",
        "Your ticket T-4K7Q9D and message M-4K7Q9D",
        "the romance of Omaral and Haddadi",
        "image kubesphere/ks-console:v3.4.1, digest sha256 stays",
        "the deadbeef is a word, 1234567 a number",
        "请在任意一台控制节点上执行下面两条命令",
    ],
)
def test_what_is_everybodys_is_no_finding(text):
    assert find(text, names=STAFF, hosts=("harbour.example",), trackers=("KSE",)) == ()


@pytest.mark.parametrize(
    "text", ["your node 10.20.30.40", "commit 3f2a9c1d4e", "your issue ABC-12", "mail ops@nordlicht.example"]
)
def test_what_the_customer_wrote_may_be_said_back(text):
    assert _kinds(text, allowed=f"We see: {text}!") == []


@pytest.mark.parametrize(
    "text", ["Omar Haddad", "see git.harbour.example", "KSE-812", "password: hunter22x", "H-4K7Q9D", "a\u200bb"]
)
def test_the_houses_own_is_found_whatever_the_customer_wrote(text):
    assert _kinds(text, hosts=("harbour.example",), trackers=("KSE",), allowed=text)


def test_a_customer_of_the_same_first_name_may_be_greeted():
    assert _kinds("Hello Omar,", allowed="Regards, Omar Sharif") == []


def test_words_of_rnd_are_found_whatever_case_and_punctuation():
    copied = "As we know: THE NIGHTLY compaction-job holds a lock, on the tenant   table! Wait."
    [finding] = find(copied, prints=prints_of(RND))
    assert finding.kind == "overlap"
    assert copied[finding.start : finding.end].startswith("THE NIGHTLY")
    assert copied[finding.start : finding.end].endswith("table")


def test_a_shared_phrase_is_no_copy():
    assert find("There is a nightly compaction job, but wait.", prints=prints_of(RND)) == ()


def test_prints_hold_no_words():
    assert all(len(digest) == 32 and not set(digest) - set("0123456789abcdef") for digest in prints_of(RND))


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_copy_is_found_wherever_it_stands(before, after):
    assert "overlap" in {finding.kind for finding in find(before + RND + after, prints=prints_of(RND))}


@given(st.text(max_size=200))
def test_a_finding_points_at_its_own_excerpt_and_they_do_not_nest(text):
    findings = find(text + " omar haddad 10.1.2.3", names=STAFF)
    assert all((text + " omar haddad 10.1.2.3")[one.start : one.end] == one.excerpt for one in findings)
    assert all(second.end > first.end for first, second in pairwise(findings))


@given(st.text(alphabet="abc .,-", max_size=PIECE - 1))
def test_a_text_shorter_than_a_piece_has_no_prints(text):
    assert prints_of(text) == frozenset()


def test_what_rnd_quotes_of_the_customer_may_go_back_to_the_customer():
    line = "E1124 09:00:01 leaderelection.go:330] error retrieving resource lock: context deadline exceeded"
    assert find(f"You sent us: {line}", allowed=f"The log says {line}.", prints=prints_of(line)) == ()
