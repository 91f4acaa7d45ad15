"""The screens of the console. A new one is a folder and a line here."""

from natvakt_server.web.accounts.routes import SCREEN as ACCOUNTS
from natvakt_server.web.administration.routes import SCREEN as ADMINISTRATION
from natvakt_server.web.agents.routes import SCREEN as AGENTS
from natvakt_server.web.alerts.routes import SCREEN as ALERTS
from natvakt_server.web.assessments.routes import SCREEN as ASSESSMENTS
from natvakt_server.web.availability.routes import SCREEN as AVAILABILITY
from natvakt_server.web.backups.routes import SCREEN as BACKUPS
from natvakt_server.web.configurations.routes import SCREEN as CONFIGURATIONS
from natvakt_server.web.customers.routes import SCREEN as CUSTOMERS
from natvakt_server.web.devices.routes import SCREEN as DEVICES
from natvakt_server.web.discovered.routes import SCREEN as DISCOVERED
from natvakt_server.web.events.routes import SCREEN as EVENTS
from natvakt_server.web.map.routes import SCREEN as MAP
from natvakt_server.web.notifications.routes import SCREEN as NOTIFICATIONS
from natvakt_server.web.overview.routes import SCREEN as OVERVIEW
from natvakt_server.web.papers.routes import SCREEN as PAPERS
from natvakt_server.web.performance.routes import SCREEN as PERFORMANCE
from natvakt_server.web.routing import Screen
from natvakt_server.web.search.routes import SCREEN as SEARCH
from natvakt_server.web.sites.routes import SCREEN as SITES

SCREENS: tuple[Screen, ...] = (
    OVERVIEW,
    ALERTS,
    CUSTOMERS,
    SITES,
    DEVICES,
    CONFIGURATIONS,
    EVENTS,
    DISCOVERED,
    MAP,
    PERFORMANCE,
    ASSESSMENTS,
    PAPERS,
    BACKUPS,
    AVAILABILITY,
    AGENTS,
    NOTIFICATIONS,
    ADMINISTRATION,
    SEARCH,
    ACCOUNTS,
)
