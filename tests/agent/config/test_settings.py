"""Settings: what is wrong is told with file, key, value, reason and way out; what is right comes out typed."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.config.documentation import reference, sample, site_policy_sample
from natvakt_agent.config.errors import ConfigError
from natvakt_agent.config.loading import environment_keys, load
from natvakt_agent.config.schema import AgentConfig
from natvakt_agent.config.site_policy import SitePolicy, find_site_policy, load_site_policy
from natvakt_agent.config.units import BYTES_PER_UNIT, SECONDS_PER_UNIT, Duration, Size

REFERENCE_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "agent-configuration.md"


def written(folder, text, name="agent.toml"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def problems(folder, text, environment=None):
    with pytest.raises(ConfigError) as refused:
        load(written(folder, text), environment or {})
    return refused.value.problems


def test_an_empty_file_gives_the_defaults(tmp_path):
    assert load(written(tmp_path, ""), {}) == AgentConfig()


def test_the_sample_as_written_is_the_defaults(tmp_path):
    assert load(written(tmp_path, sample()), {}) == AgentConfig()


def test_the_sample_with_its_comments_taken_away_still_loads(tmp_path):
    heads = ("# [[target]]", "# [[backup]]")
    lines = [line.removeprefix("# ") if " = " in line or line in heads else line for line in sample().splitlines()]
    settings = "\n".join(line.strip() if not line.startswith("# ") else line for line in lines if "interface = " not in line)
    config = load(written(tmp_path, settings.replace("intervals = {}", "")), {})
    assert [entry.name for entry in config.target] == ["core-1"]
    assert [entry.job for entry in config.backup] == ["nightly"]


def test_the_site_policy_sample_is_the_default_policy(tmp_path):
    assert load_site_policy(written(tmp_path, site_policy_sample(), "site-policy.toml")) == SitePolicy()


def test_the_reference_page_is_the_schema():
    assert REFERENCE_PAGE.read_text() == reference(), "run: natvakt-agent config reference > docs/reference/agent-configuration.md"


def test_drop_ins_win_in_the_order_of_their_names_and_targets_add_up(tmp_path):
    path = written(tmp_path, '[polling]\nworkers = 1\n[[target]]\nname = "a"\naddress = "192.0.2.1"\n')
    written(tmp_path, '[polling]\nworkers = 2\n[[target]]\nname = "b"\naddress = "192.0.2.2"\n', "agent.d/10-office.toml")
    written(tmp_path, "[polling]\nworkers = 3\n", "agent.d/20-late.toml")
    config = load(path, {})
    assert config.polling.workers == 3
    assert [entry.name for entry in config.target] == ["a", "b"]


def test_the_environment_wins_over_every_file(tmp_path):
    path = written(tmp_path, '[polling]\nworkers = 2\ndeadline = "5s"\n')
    config = load(path, {"NATVAKT_POLLING_WORKERS": "9", "NATVAKT_POLLING_DEADLINE": "1m", "NATVAKT_HOST_ENABLED": "false"})
    assert (config.polling.workers, config.polling.deadline, config.host.enabled) == (9, 60.0, False)


def test_every_single_setting_has_one_variable_of_its_own():
    keys = environment_keys()
    assert keys["NATVAKT_STATE_DIR"] == ("state_dir",)
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize(
    ("text", "key", "value", "hint"),
    [
        ("[poling]\nworkers = 1", "poling", None, "did you mean `polling`"),
        ("[polling]\nworker = 1", "polling.worker", None, "did you mean `workers`"),
        ("[polling]\nworkers = 0", "polling.workers", "0", "a whole number from 1 to 64"),
        ("[polling]\nworkers = true", "polling.workers", "True", "a whole number from 1 to 64"),
        ('[polling]\ndeadline = "soon"', "polling.deadline", "'soon'", '"60s"'),
        ("[polling]\ndeadline = 30", "polling.deadline", "30", '"60s"'),
        ('[spool]\ncap = "2 parsecs"', "spool.cap", "'2 parsecs'", '"64MiB"'),
        ('[log]\nlevel = "loud"', "log.level", "'loud'", "`info`"),
        ("polling = 3", "polling", "3", "config sample"),
        ('[[target]]\nname = "a"\naddress = "core.example"', "target[0].address", "'core.example'", '"192.0.2.1"'),
        ('[[target]]\naddress = "192.0.2.1"', "target[0].name", None, "write one"),
        ('[[target]]\nname = "../x"\naddress = "192.0.2.1"', "target[0].name", "'../x'", "text"),
        ('[polling.intervals]\ninterface = "x"', "polling.intervals.interface", "'x'", '"60s"'),
    ],
)
def test_a_fault_names_file_key_value_and_way_out(tmp_path, text, key, value, hint):
    (problem,) = problems(tmp_path, text)
    assert problem.source == str(tmp_path / "agent.toml")
    assert (problem.key, problem.value) == (key, value)
    assert hint in problem.remedy
    assert problem.reason


def test_all_faults_are_told_at_once_each_with_its_own_source(tmp_path):
    written(tmp_path, '[log]\nlevel = "loud"\n', "agent.d/x.toml")
    found = problems(tmp_path, "[polling]\nworkers = 0\n", {"NATVAKT_SPOOL_CAP": "none"})
    assert [(problem.key, Path(problem.source).name) for problem in found] == [
        ("polling.workers", "agent.toml"),
        ("log.level", "x.toml"),
        ("spool.cap", "environment NATVAKT_SPOOL_CAP"),
    ]


def test_promise_58_a_secret_typed_into_the_settings_is_refused_and_never_repeated(tmp_path):
    (problem,) = problems(tmp_path, '[[target]]\nname = "a"\naddress = "192.0.2.1"\ncommunity = "s3cr3t-canary"\n')
    assert "s3cr3t-canary" not in str(problem)
    assert "credentials add" in problem.remedy


def test_two_targets_of_one_name_are_refused(tmp_path):
    found = problems(tmp_path, '[[target]]\nname = "a"\naddress = "192.0.2.1"\n[[target]]\nname = "a"\naddress = "192.0.2.2"\n')
    assert [problem.key for problem in found] == ["target[0].name", "target[1].name"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[polling", b'a = "\x00"', b"[polling]\nworkers = 1\nworkers = 2"])
def test_a_broken_file_is_named_with_the_reason(tmp_path, content):
    path = tmp_path / "agent.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    assert str(path) in str(refused.value)


def test_a_missing_file_is_an_error_and_not_the_defaults(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "nowhere.toml", {})


def test_a_site_policy_that_cannot_be_read_is_never_permission(tmp_path):
    with pytest.raises(ConfigError):
        load_site_policy(written(tmp_path, "allowed_networks = [", "site-policy.toml"))
    with pytest.raises(ConfigError, match="did you mean `allowed_networks`"):
        load_site_policy(written(tmp_path, "allowed_network = []", "site-policy.toml"))
    with pytest.raises(ConfigError, match=r"allowed_networks\[0\]"):
        load_site_policy(written(tmp_path, 'allowed_networks = ["10.0.0.1/8"]', "site-policy.toml"))


def test_the_site_policy_lies_beside_the_settings_unless_it_is_named(tmp_path):
    config_file = written(tmp_path, "")
    assert find_site_policy("", config_file) is None
    beside = written(tmp_path, "", "site-policy.toml")
    assert find_site_policy("", config_file) == beside
    assert find_site_policy("/elsewhere.toml", config_file) == Path("/elsewhere.toml")


def test_an_oid_prefix_ends_at_a_dot():
    policy = SitePolicy(allowed_oid_prefixes=["1.3.6.1.2.1"])
    assert policy.allows_oid("1.3.6.1.2.1.2.2")
    assert policy.allows_oid("1.3.6.1.2.1")
    assert not policy.allows_oid("1.3.6.1.2.11")
    assert not policy.allows_oid("1.3.6.1.2")


@given(st.integers(0, 10**6), st.sampled_from(sorted(SECONDS_PER_UNIT)))
def test_a_duration_reads_back_what_it_prints(count, unit):
    duration = Duration.parse(f"{count}{unit}")
    assert Duration.parse(str(duration)) == duration


@given(st.integers(0, 10**6), st.sampled_from(sorted(BYTES_PER_UNIT)))
def test_a_size_reads_back_what_it_prints(count, unit):
    size = Size.parse(f"{count}{unit}")
    assert Size.parse(str(size)) == size


@given(st.text(max_size=20))
def test_no_text_makes_a_unit_parser_fail_otherwise_than_by_saying_so(text):
    for parse in (Duration.parse, Size.parse):
        with contextlib.suppress(ValueError):
            assert parse(text) >= 0
