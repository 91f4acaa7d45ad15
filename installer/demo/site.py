"""The simulated site as a process: `python -m demo.site --port P --probe-port Q --control PORT --epoch NS [--only SITE]`.

One thread, one selector. Every device has a UDP socket (SNMP) and a TCP listener (the probe port: whoever connects is
told the device's name, which is how liveness is asked where all of 127/8 answers ping); one UDP socket on 127.0.0.1 is
the control channel. `ready` on stdout, with the ports in use, says that all of them answer.
"""

import argparse
import logging
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FrameType
from typing import Protocol, TypedDict

from demo.configurations.catalogue import command_lines
from demo.control import MAXIMUM_COMMAND_OCTETS, obey
from demo.device import SimulatedDevice
from demo.devices import br_rtr, br_sw, hosts, hq_acc_one, hq_acc_three, hq_acc_two, hq_core, hq_fw, hq_rtr, hq_sb, hq_wlc
from demo.estate import identities
from demo.responder import Responder
from demo.shell import CommandLines
from demo.simclock import SiteClock
from demo.world import World

DEFAULT_SNMP_PORT = 16161
DEFAULT_PROBE_PORT = 16162
DEFAULT_CONTROL_PORT = 16163
CONTROL_ADDRESS = "127.0.0.1"
DATAGRAM_OCTETS = 65_535

log = logging.getLogger(__name__)

DEVICES = (
    hq_core.build,
    hq_rtr.build,
    hq_fw.build,
    hq_wlc.build,
    hq_acc_one.build,
    hq_acc_two.build,
    hq_acc_three.build,
    hq_sb.build,
    hosts.build_ups,
    hosts.build_call_manager,
    hosts.build_linux,
    hosts.build_windows,
    br_rtr.build,
    br_sw.build,
)


class Target(TypedDict):
    """What the agent needs to know of a device to poll it."""

    name: str
    site: str
    address: str
    community: str
    snmp_port: int
    probe_port: int


def build_devices(epoch_ns: int) -> dict[str, SimulatedDevice]:
    """Every device of the site by name, as the story stands around `epoch_ns`."""
    world = World.at(epoch_ns)
    known = identities(world)
    built = [build(world, known) for build in DEVICES]
    return {device.identity.name: device for device in built}


def targets(snmp_port: int = DEFAULT_SNMP_PORT, probe_port: int = DEFAULT_PROBE_PORT) -> list[Target]:
    """The site's devices as poll targets, in the order of their addresses."""
    return [
        Target(
            name=own.name,
            site=own.site,
            address=own.loopback_address,
            community=own.community,
            snmp_port=snmp_port,
            probe_port=probe_port,
        )
        for own in identities(World.at(0)).values()
    ]


class Answering(Protocol):
    """What speaks SNMP for a device."""

    def answer(self, datagram: bytes, now_ns: int) -> bytes | None:
        """The response, or None for silence."""
        ...


def responder_of(device: SimulatedDevice) -> Answering:
    return Responder(device.views)


class PortInUse(RuntimeError):
    """An address of the site is taken."""


class Site:
    """Sockets of a running site. Port 0 asks the system for one; every device then gets that same port."""

    def __init__(
        self,
        devices: Mapping[str, SimulatedDevice],
        clock: SiteClock,
        snmp_port: int,
        probe_port: int,
        control_port: int,
        speaker: Callable[[SimulatedDevice], Answering] = responder_of,
    ) -> None:
        self._clock = clock
        self._speaker = speaker
        self._selector = selectors.DefaultSelector()
        self._running = True
        self._muted = dict.fromkeys(devices, False)
        self.snmp_port, self.probe_port, self.control_port = snmp_port, probe_port, control_port
        try:
            for device in devices.values():
                self._open_device(device)
            control = self._bind(socket.SOCK_DGRAM, CONTROL_ADDRESS, control_port)
        except PortInUse:
            self.close()
            raise
        self.control_port = control.getsockname()[1]
        self._selector.register(control, selectors.EVENT_READ, partial(self._serve_control, control))

    def _open_device(self, device: SimulatedDevice) -> None:
        address = device.identity.loopback_address
        answers = self._bind(socket.SOCK_DGRAM, address, self.snmp_port)
        self.snmp_port = answers.getsockname()[1]
        self._selector.register(
            answers, selectors.EVENT_READ, partial(self._serve_snmp, answers, device.identity.name, self._speaker(device))
        )
        probe = self._bind(socket.SOCK_STREAM, address, self.probe_port)
        self.probe_port = probe.getsockname()[1]
        probe.listen(16)
        greeting = f"{device.identity.name} is up\r\n".encode("ascii")
        self._selector.register(probe, selectors.EVENT_READ, partial(self._serve_probe, probe, greeting))

    @staticmethod
    def _bind(kind: socket.SocketKind, address: str, port: int) -> socket.socket:
        opened = socket.socket(socket.AF_INET, kind)
        opened.setblocking(False)
        if kind is socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((address, port))
        except OSError as error:
            opened.close()
            raise PortInUse(f"{address} port {port}: {error.strerror}; end the other simulated site or choose another port") from error
        return opened

    def serve(self) -> None:
        """Answer until `stop`."""
        while self._running:
            for key, _ in self._selector.select(timeout=0.5):
                key.data()

    def stop(self) -> None:
        self._running = False

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def _serve_snmp(self, answers: socket.socket, name: str, responder: Answering) -> None:
        """One datagram a turn: an agent has one request out per device, so a second read would only find nothing."""
        try:
            datagram, peer = answers.recvfrom(DATAGRAM_OCTETS)
        except OSError as error:  # a datagram with a wrong checksum vanishes between the two calls
            log.debug("nothing to read error=%s", error)
            return
        response = None if self._muted[name] else responder.answer(datagram, self._clock.now_ns())
        if response is not None:
            _send(answers, response, peer)

    def _serve_control(self, control: socket.socket) -> None:
        command, peer = control.recvfrom(MAXIMUM_COMMAND_OCTETS)
        _send(control, obey(command, self._clock, self._muted), peer)

    @staticmethod
    def _serve_probe(probe: socket.socket, greeting: bytes) -> None:
        try:
            caller, _ = probe.accept()
        except OSError:  # the caller hung up before it was answered
            return
        with caller:
            caller.setblocking(False)
            try:
                caller.send(greeting)
            except OSError as error:
                log.debug("probe caller gone error=%s", error)


def _send(sender: socket.socket, datagram: bytes, peer: tuple[str, int]) -> None:
    """A lost answer is the caller's timeout, as with a real device."""
    try:
        sender.sendto(datagram, peer)
    except OSError as error:
        log.debug("answer not sent peer=%s error=%s", peer, error)


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.site", description="A simulated customer site that answers SNMP on loopback.")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_SNMP_PORT, help="UDP port of every device; 0 takes a free one (default %(default)s)"
    )
    parser.add_argument("--probe-port", type=int, default=DEFAULT_PROBE_PORT, help="TCP port that tells liveness (default %(default)s)")
    parser.add_argument("--ssh-port", type=int, default=None, help="TCP port of the command lines; 0 takes a free one (default: none)")
    parser.add_argument(
        "--control", type=int, default=DEFAULT_CONTROL_PORT, help="UDP port of the control channel on 127.0.0.1 (default %(default)s)"
    )
    parser.add_argument(
        "--only", choices=sorted({target["site"] for target in targets()}), help="serve the devices of one site (default: all)"
    )
    parser.add_argument(
        "--epoch", type=int, default=None, help="the moment the planted faults are told from, nanoseconds since 1970 (default: now)"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], wall_ns: Callable[[], int]) -> int:
    """Serve until SIGTERM or SIGINT. 0 ended as asked, 1 a port is taken."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    options = parse_arguments(arguments)
    epoch_ns = wall_ns() if options.epoch is None else options.epoch
    try:
        devices = {name: each for name, each in build_devices(epoch_ns).items() if options.only in (None, each.identity.site)}
        site = Site(devices, SiteClock(wall_ns), options.port, options.probe_port, options.control)
    except PortInUse as error:
        print(f"demo.site: {error}", file=sys.stderr)
        return 1

    def stop(_signal: int, _frame: FrameType | None) -> None:
        site.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    shells = CommandLines(command_lines(devices.values()), options.ssh_port) if options.ssh_port is not None else None
    spoken = f" ssh={shells.start()}" if shells is not None else ""
    print(f"ready snmp={site.snmp_port} probe={site.probe_port} control={site.control_port}{spoken}", flush=True)
    site.serve()
    if shells is not None:
        shells.close()
    site.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], time.time_ns))
