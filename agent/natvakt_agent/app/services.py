"""What runs in child processes: each service's name and where its factory is. As text, because nothing here may import them."""

from collections.abc import Mapping

SERVICES: Mapping[str, str] = {
    "listen": "natvakt_agent.listeners.service:service",
    "snmp": "natvakt_agent.collectors.snmp.pysnmp_service:service",
    "backup-reports": "natvakt_agent.collectors.backup_status.push_service:service",
    "ssh": "natvakt_agent.collectors.ssh.service:make",
}
