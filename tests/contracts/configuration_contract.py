"""What every store of configurations must do: versions from readings, each text once, walls between tenants, retention. Subclass it."""

import zlib
from abc import abstractmethod
from collections.abc import Sequence
from hashlib import sha256

import pytest
from natvakt_server.domain.configuration.history import (
    KIND,
    ConfigurationHistory,
    ConfigurationReading,
    ConfigurationRetention,
    ConfigurationVersion,
    Source,
)
from natvakt_server.domain.configuration.timeline import TextFacts
from natvakt_server.domain.estate import DocumentEffect

T0 = 1_800_000_000_000_000_000
SECOND_NS = 1_000_000_000
NEVER = 0


def reading(
    text: str,
    at: int,
    meaning: str = "",
    agent_device: str = "one",
    source: Source = Source.RUNNING,
    complete: bool | None = True,
    by: str = "",
) -> ConfigurationReading:
    """`meaning`: the text itself if not given."""
    body = text.encode()
    digest = sha256(body).hexdigest()
    facts = TextFacts(digest, f"document-{digest[:8]}", "ios", text.count("\n"), len(body), complete, "" if complete else "cut")
    observed_ns = T0 + at * SECOND_NS
    meant = sha256((meaning or text).encode()).hexdigest()
    return ConfigurationReading(agent_device, source, observed_ns, meant, facts, zlib.compress(body), "", by)


def same(text: str, at: int, agent_device: str = "one") -> DocumentEffect:
    digest = sha256(text.encode()).hexdigest()
    return DocumentEffect(agent_device, KIND, T0 + at * SECOND_NS, f"document-{digest[:8]}", None)


class WholeHistory(ConfigurationHistory, ConfigurationRetention):
    """All ports at once, and the way readings come in."""

    @abstractmethod
    def apply(
        self,
        readings: Sequence[ConfigurationReading],
        same: Sequence[DocumentEffect] = (),
        tenant: str = "acme",
        site: str = "hq",
        now: int = 0,
    ) -> None:
        """As one opened batch, received `now` seconds after T0."""

    @abstractmethod
    def device(self, agent_device: str = "one", tenant: str = "acme", site: str = "hq") -> str:
        """The estate's id of the agent's device."""

    @abstractmethod
    def texts(self, tenant: str) -> int:
        """How many texts are stored."""


class ConfigurationContract:
    @pytest.fixture
    def history(self) -> WholeHistory:
        raise NotImplementedError

    @staticmethod
    def versions(history: WholeHistory, tenant: str = "acme") -> Sequence[ConfigurationVersion]:
        return history.configurations(tenant, history.device(tenant=tenant))

    @staticmethod
    def spans(versions: Sequence[ConfigurationVersion]) -> list[tuple[str, int, int]]:
        return [
            (each.source.value, (each.first_observed_ns - T0) // SECOND_NS, (each.last_observed_ns - T0) // SECOND_NS) for each in versions
        ]

    def test_nothing_was_read(self, history: WholeHistory) -> None:
        assert history.configurations("acme", "nobody") == []
        assert history.configuration_text("acme", "nobody", 1) is None
        assert history.newest_configurations("acme", [], Source.RUNNING) == {}

    def test_a_reading_is_a_version_with_its_text(self, history: WholeHistory) -> None:
        history.apply([reading("hostname å\n", 1, by="anna")])
        (version,) = self.versions(history)
        assert version.facts == reading("hostname å\n", 1).facts
        assert (version.source, version.changed_by, version.is_whole) == (Source.RUNNING, "anna", True)
        assert history.configuration_text("acme", history.device(), version.id) == "hostname å\n"

    def test_unchanged_moves_the_last_time_and_nothing_else(self, history: WholeHistory) -> None:
        history.apply([reading("a", 1)])
        (before,) = self.versions(history)
        history.apply([], [same("a", 5)])
        history.apply([reading("a", 9)])
        (after,) = self.versions(history)
        assert (after.id, self.spans([after])) == (before.id, [("running", 1, 9)])
        assert history.texts("acme") == 1

    def test_noise_alone_is_no_version_and_the_newest_text_is_kept(self, history: WholeHistory) -> None:
        history.apply([reading("time 1", 1, "a", by="anna")])
        history.apply([reading("time 2", 5, "a", by="bo")])
        (version,) = self.versions(history)
        assert (self.spans([version]), version.changed_by) == ([("running", 1, 5)], "anna")
        assert history.configuration_text("acme", history.device(), version.id) == "time 2"

    def test_running_and_startup_have_their_own_versions_of_one_text(self, history: WholeHistory) -> None:
        history.apply([reading("a", 1), reading("a", 1, source=Source.STARTUP)])
        history.apply([reading("b", 5), reading("a", 5, source=Source.STARTUP)])
        assert self.spans(self.versions(history)) == [("running", 5, 5), ("startup", 1, 5), ("running", 1, 1)]
        assert history.texts("acme") == 2

    def test_a_late_reading_never_becomes_the_newest(self, history: WholeHistory) -> None:
        history.apply([reading("new", 9)])
        history.apply([reading("old", 1)], [same("old", 2)])
        versions = self.versions(history)
        assert self.spans(versions) == [("running", 9, 9), ("running", 1, 2)]
        assert history.newest_configurations("acme", [history.device()], Source.RUNNING) == {history.device(): "new"}

    def test_a_return_is_a_version_and_its_text_is_stored_once(self, history: WholeHistory) -> None:
        for at, text in enumerate("aba", 1):
            history.apply([reading(text, at)])
        assert self.spans(self.versions(history)) == [("running", 3, 3), ("running", 2, 2), ("running", 1, 1)]
        assert history.texts("acme") == 2

    def test_told_twice_is_told_once(self, history: WholeHistory) -> None:
        for _ in range(2):
            for at, text in enumerate("aabba", 1):
                history.apply([reading(text, at)], [same(text, at)])
        assert self.spans(self.versions(history)) == [("running", 5, 5), ("running", 3, 4), ("running", 1, 2)]

    def test_promise_31_a_cut_off_reading_stands_beside_and_never_becomes_the_newest(self, history: WholeHistory) -> None:
        history.apply([reading("whole", 1)])
        history.apply([reading("who", 5, complete=False)])
        history.apply([reading("whole", 9)])
        versions = self.versions(history)
        assert [(span, each.is_whole) for span, each in zip(self.spans(versions), versions, strict=True)] == [
            (("running", 5, 5), False),
            (("running", 1, 9), True),
        ]
        assert history.newest_configurations("acme", [history.device()], Source.RUNNING) == {history.device(): "whole"}

    def test_many_readings_of_one_batch_are_applied_in_order(self, history: WholeHistory) -> None:
        history.apply([reading("b", 3), reading("a", 1), reading("c", 9, agent_device="two")], [same("b", 4)])
        assert self.spans(self.versions(history)) == [("running", 3, 4), ("running", 1, 1)]
        both = [history.device(), history.device("two")]
        assert history.newest_configurations("acme", both, Source.RUNNING) == dict(zip(both, ["b", "c"], strict=True))
        assert history.newest_configurations("acme", both, Source.STARTUP) == {}

    def test_promise_50_another_tenant_sees_nothing(self, history: WholeHistory) -> None:
        history.apply([reading("a", 1)])
        history.apply([reading("a", 1)], tenant="beta")
        ours, theirs = history.device(), history.device(tenant="beta")
        (version,) = history.configurations("acme", ours)
        assert history.configurations("acme", theirs) == []
        assert history.configurations("beta", ours) == []
        assert history.configuration_text("beta", ours, version.id) is None
        assert history.configuration_text("beta", theirs, version.id) is None
        assert history.newest_configurations("beta", [ours], Source.RUNNING) == {}
        assert (history.texts("acme"), history.texts("beta")) == (1, 1)

    def test_another_devices_version_is_not_found_under_this_one(self, history: WholeHistory) -> None:
        history.apply([reading("a", 1), reading("b", 1, agent_device="two")])
        (version,) = history.configurations("acme", history.device("two"))
        assert history.configuration_text("acme", history.device(), version.id) is None

    def test_retention_forgets_what_was_replaced_long_ago_and_never_the_newest(self, history: WholeHistory) -> None:
        for at, text in ((1, "a"), (10, "b"), (20, "c")):
            history.apply([reading(text, at), reading("start", at, source=Source.STARTUP)], now=at)
        assert history.expire_configurations(T0 + 15 * SECOND_NS, NEVER) == 1
        assert self.spans(self.versions(history)) == [("running", 20, 20), ("running", 10, 10), ("startup", 1, 20)]
        assert history.expire_configurations(T0 + 99 * SECOND_NS, NEVER) == 1
        assert self.spans(self.versions(history)) == [("running", 20, 20), ("startup", 1, 20)]
        assert history.texts("acme") == 4

    def test_texts_without_a_version_go_after_a_while(self, history: WholeHistory) -> None:
        history.apply([reading("time 1", 1, "a")], now=1)
        history.apply([reading("time 2", 5, "a")], now=5)
        history.expire_configurations(NEVER, T0 + 1 * SECOND_NS)
        assert history.texts("acme") == 2
        history.expire_configurations(NEVER, T0 + 9 * SECOND_NS)
        assert history.texts("acme") == 1
        (version,) = self.versions(history)
        assert history.configuration_text("acme", history.device(), version.id) == "time 2"

    def test_a_whole_version_is_not_replaced_by_a_cut_off_one(self, history: WholeHistory) -> None:
        history.apply([reading("whole", 1)])
        history.apply([reading("who", 5, complete=False)])
        assert history.expire_configurations(T0 + 99 * SECOND_NS, NEVER) == 0
