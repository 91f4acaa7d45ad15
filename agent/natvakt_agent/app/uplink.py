"""The uplink with this agent's own identity, certificate and policy behind it."""

import logging
from collections.abc import Callable, Mapping

from natvakt_wire.errors import Advice, WireError
from natvakt_wire.recipients import SignedAnnouncement
from natvakt_wire.v1 import uplink_pb2

from natvakt_agent.app.edges import Edges
from natvakt_agent.app.enrolled import EnrolledIdentity
from natvakt_agent.app.server_wishes import ServerWishes
from natvakt_agent.app.wiring import UplinkFactory
from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.connection import UplinkAccess
from natvakt_agent.link.directives import Directives
from natvakt_agent.link.enrolment import Enrolment
from natvakt_agent.link.enrolment_calls import PinnedEnrolmentCalls, ServerRefused
from natvakt_agent.link.identity_files import IdentityFiles, IdentityUnavailable
from natvakt_agent.link.uplink import Uplink, UplinkHandlers
from natvakt_agent.model.clock import Clock
from natvakt_agent.spool.spool import Spool

logger = logging.getLogger(__name__)


class CertificateKeeper:
    """Keeps the agent admitted: a certificate for each session, renewals, new recipient keys. Called on the link's threads only."""

    def __init__(self, files: IdentityFiles, enrolment: Enrolment, identity: EnrolledIdentity, clock: Clock) -> None:
        self._files = files
        self._enrolment = enrolment
        self._identity = identity
        self._clock = clock

    def prepare(self) -> UplinkAccess:
        """What the next session needs; an agent whose certificate ran out comes back first. Raises ServerRefused or ServerUnreachable."""
        try:
            if self._files.tls() is None or self._enrolment.certificate_expired():
                logger.warning("no valid certificate, coming back by proof of the identity key")
                self._enrolment.come_back()
            tls = self._files.tls()
        except (WireError, IdentityUnavailable) as error:
            raise ServerRefused(str(error), Advice.STOP) from error
        if tls is None:
            raise ServerRefused("no certificate yet: a person at the partner has to approve this agent", Advice.RETRY)
        known = self._identity.membership
        return UplinkAccess(known.uplink, known.ca_certificates, tls.chain_pem, tls.key_pem)

    def renewal(self) -> uplink_pb2.Renewal | None:
        try:
            if self._clock.wall_ns() < self._enrolment.renewal_due_ns():
                return None
            request = self._enrolment.renewal_request()
        except (WireError, IdentityUnavailable) as error:
            logger.error("certificate cannot be renewed reason=%s", error)
            return None
        return uplink_pb2.Renewal(csr=request.csr, signature=request.signature)

    def renewed(self, result: uplink_pb2.RenewalResult) -> bool:
        if not result.certificate_chain:
            logger.error("renewal refused by the server reason=%s", result.refused)
            return False
        try:
            self._enrolment.accept_renewal(result.certificate_chain)
        except (WireError, IdentityUnavailable) as error:
            logger.error("renewed certificate not accepted reason=%s", error)
            return False
        logger.info("certificate renewed")
        return True

    def recipients(self, keys: uplink_pb2.RecipientKeys) -> None:
        try:
            self._enrolment.accept_recipients(SignedAnnouncement(keys.body, keys.signature))
        except (WireError, IdentityUnavailable) as error:
            logger.error("announced recipient keys not accepted reason=%s", error)


class AgentUplink:
    """`agent.Uplink` over the link's thread."""

    def __init__(self, uplink: Uplink) -> None:
        self._uplink = uplink

    def start(self) -> None:
        self._uplink.start()

    def stop(self) -> None:
        self._uplink.stop()

    def appended(self) -> None:
        self._uplink.appended()

    def status(self) -> Mapping[str, object]:
        return {"state": self._uplink.driver.state.value, **self._uplink.driver.counts}

    def alarms(self) -> Mapping[str, str]:
        return self._uplink.driver.alarms


def uplink_factory(files: IdentityFiles, identity: EnrolledIdentity, edges: Edges, version: str) -> UplinkFactory:
    """For `build_agent`, which has the spool."""

    def connect(spool: Spool, wishes: ServerWishes, trust: ClockTrust) -> AgentUplink:
        enrolment = Enrolment(files, PinnedEnrolmentCalls, edges.clock, edges.random, version)
        keeper = CertificateKeeper(files, enrolment, identity, edges.clock)
        handlers = UplinkHandlers(
            prepare=keeper.prepare,
            renewal=keeper.renewal,
            renewed=keeper.renewed,
            recipients=keeper.recipients,
            policy=_quietly(wishes.offer_policy),
            policy_version=lambda: wishes.version,
        )
        return AgentUplink(
            Uplink(
                spool=spool,
                clock=edges.clock,
                clock_trust=trust,
                random=edges.spread.random,
                directives=Directives(identity.membership.policy_key, wishes.carry_out),
                handlers=handlers,
                version=version,
            )
        )

    return connect


def _quietly(judge: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """The link has no use for the judgement: it is logged and counted where it is made."""

    def handle(body: bytes) -> None:
        judge(body)

    return handle
