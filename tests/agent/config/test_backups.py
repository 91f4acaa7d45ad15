"""`[[backup]]`: what belongs to which kind, told with place, reason and way out."""

import pytest
from natvakt_agent.config.backup_checks import KEYS
from natvakt_agent.config.errors import ConfigError
from natvakt_agent.config.loading import load

TARGET = '[[target]]\nname = "hq-win"\naddress = "192.0.2.62"\n'


def loaded(tmp_path, text):
    path = tmp_path / "agent.toml"
    path.write_text(TARGET + text)
    return load(path, {})


def refusal(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    return str(caught.value)


@pytest.mark.parametrize(
    "lines",
    [
        'kind = "status"\npath = "/var/nightly"\ndevice = "hq-win"\ninterval = "24h"',
        'kind = "push"',
        'kind = "files"\npath = "/srv"\npattern = "*.gz"\ncompare = 5\nshrinkage = 0.4',
        'kind = "restic"\nrepository = "/srv/restic"\npassword_file = "/etc/pw"\nhost = "a"',
        'kind = "borg"\nrepository = "/srv/borg"\ncredential = "borg"',
        'kind = "rsync"\npath = "/var/log/rsync.log"',
        'kind = "dumps"\npath = "/srv"\nengine = "mysql"',
        'kind = "windows"',
        'kind = "veeam"\nurl = "https://veeam:9419"\ncredential = "veeam"',
    ],
)
def test_a_job_of_every_kind_is_taken(tmp_path, lines):
    assert loaded(tmp_path, f'[[backup]]\njob = "nightly"\n{lines}\n').backup[0].kind in KEYS


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('kind = "status"', "backup[0].path: is missing; kind 'status' needs it"),
        ('kind = "push"\npath = "/x"', "backup[0].path: does not belong to kind 'push'"),
        ('kind = "restic"\nrepository = "/r"\ncredential = "a"\npassword_file = "/b"', "backup[0].password_file: is given twice over"),
        ('kind = "push"\ndevice = "nobody"', "backup[0].device = 'nobody': is no target of the settings"),
        ('kind = "tape"', "backup[0].kind"),
        ('kind = "veeam"\nurl = "http://veeam"\ncredential = "v"', "backup[0].url"),
        ('kind = "push"\npassword = "hunter2"', "credentials are never settings"),
    ],
)
def test_what_is_wrong_names_place_reason_and_way_out(tmp_path, lines, told):
    text = refusal(tmp_path, f'[[backup]]\njob = "nightly"\n{lines}\n')
    assert told in text
    assert "agent.toml" in text
    assert "hunter2" not in text


def test_two_jobs_of_one_name_are_both_named(tmp_path):
    twin = '[[backup]]\njob = "nightly"\nkind = "push"\n'
    text = refusal(tmp_path, twin + twin)
    assert "backup[0].job" in text
    assert "backup[1].job" in text
