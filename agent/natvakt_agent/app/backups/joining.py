"""The backup jobs of the settings as a collector."""

from natvakt_agent.app.backups.jobs import BackupEdges, backup_jobs
from natvakt_agent.app.backups.local_files import LocalFiles
from natvakt_agent.app.backups.programs import LocalPrograms
from natvakt_agent.app.backups.words import SiteWords
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.plans import Planned
from natvakt_agent.collectors.backup.collector import BackupCollector
from natvakt_agent.config.schema import AgentConfig


def backup_collector(config: AgentConfig, planned: Planned, credentials: Credentials, paths: StatePaths, edges: Edges) -> BackupCollector:
    files = LocalFiles()
    own = BackupEdges(files, LocalPrograms(edges.environment, paths.backup_cache), credentials.get, paths.backup_reports)
    return BackupCollector(backup_jobs(config.backup, planned.targets, planned.host, own), files, SiteWords(credentials.secrets).clean)
