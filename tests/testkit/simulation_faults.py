"""What goes wrong in a simulated world. A fault is a function of the world and one of its agents; a seed draws which, when, how often."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from natvakt_wire.v1 import uplink_pb2
from testkit.simulation_agent import SimulatedAgent
from testkit.simulation_time import SECOND_NS

if TYPE_CHECKING:
    from testkit.simulation_world import World

Fault = Callable[["World", SimulatedAgent], None]

_COMMITS = ("receive", "put_session", "learn_boot_clock", "claim", "store_offset", "apply", "quarantine", "hold", "release")
_DECISIVE = ("receive.torn", "receive.before-commit", "receive.after-commit", "series.written", "apply.before-commit", "apply.after-commit")
_PLACES = (*(f"{name}.{when}" for name in _COMMITS for when in ("before-commit", "after-commit")), *_DECISIVE * 2)


def kill_in_a_call(world: "World", agent: SimulatedAgent) -> None:
    agent.disk.faults.kill_after = world.random.randrange(1, 80)


def kill_now(world: "World", agent: SimulatedAgent) -> None:
    if agent.alive:
        agent.kill()
        world.timeline.after(world.random.uniform(1, 60), agent.start)


def cut_power(world: "World", agent: SimulatedAgent) -> None:
    if agent.alive:
        agent.cut_power()
        world.timeline.after(world.random.uniform(1, 60), agent.start)


def cut_power_in_a_call(world: "World", agent: SimulatedAgent) -> None:
    agent.disk.faults.kill_after = world.random.randrange(1, 80)
    world.timeline.after(world.random.uniform(1, 20), lambda: cut_power(world, agent))


def flip_a_bit(world: "World", agent: SimulatedAgent) -> None:
    if not agent.alive:
        return
    agent.kill()
    names = [name for name in agent.disk.names() if ".db" in name and agent.disk.size(name)]
    if names:
        name = world.random.choice(names)
        agent.disk.flip_bit(name, world.random.randrange(agent.disk.size(name) * 8))
        world.flips += 1
    world.timeline.after(world.random.uniform(1, 20), agent.start)


def fail_fsync(world: "World", agent: SimulatedAgent) -> None:
    agent.disk.faults.sync_fails_after = world.random.randrange(1, 4)


def fail_write(world: "World", agent: SimulatedAgent) -> None:
    agent.disk.faults.write_fails_after = world.random.randrange(1, 20)


def fill_disk(world: "World", agent: SimulatedAgent) -> None:
    agent.disk.faults.capacity_bytes = agent.disk.used_bytes + world.random.choice((0, 5_000, 40_000))

    def free() -> None:
        agent.disk.faults.capacity_bytes = None

    world.timeline.after(world.random.uniform(20, 200), free)


def partition(world: "World", agent: SimulatedAgent) -> None:
    agent.weather.partitioned = True

    def heal() -> None:
        agent.weather.partitioned = False

    world.timeline.after(world.random.uniform(5, 300), heal)


def lose_acks(world: "World", agent: SimulatedAgent) -> None:
    agent.weather.acks_lost = True

    def heal() -> None:
        agent.weather.acks_lost = False

    world.timeline.after(world.random.uniform(30, 400), heal)


def hostile_line(world: "World", agent: SimulatedAgent) -> None:
    agent.weather.hostile = True

    def heal() -> None:
        agent.weather.hostile = False

    world.timeline.after(world.random.uniform(20, 200), heal)


def slow_line(world: "World", agent: SimulatedAgent) -> None:
    agent.weather.slowest_seconds = world.random.choice((0.5, 5.0, 30.0))


def reset_stream(world: "World", agent: SimulatedAgent) -> None:
    if agent.stream is not None:
        agent.stream.reset("RST")


def forge_ack(world: "World", agent: SimulatedAgent) -> None:
    """A proxy that breaks TLS tells the agent that everything arrived."""
    if agent.stream is None or agent.spool is None:
        return
    for lane in agent.spool.index:
        ack = uplink_pb2.Ack(epoch=agent.spool.epoch, lane=lane.number, through_seq=lane.next_seq - 1, digest=world.random.randbytes(32))
        agent.stream.to_agent(uplink_pb2.ServerMessage(ack=ack))


def jump_clock(world: "World", agent: SimulatedAgent) -> None:
    agent.clock.wall_error_ns += world.random.choice((3600, -3600, 315_360_000, -315_360_000, 90, -30)) * SECOND_NS


def boot_in_1970(world: "World", agent: SimulatedAgent) -> None:
    if not agent.alive:
        return
    agent.cut_power(wall_error_ns=-world.timeline.now_ns + world.random.randrange(100) * SECOND_NS)
    world.timeline.after(world.random.uniform(1, 20), agent.start)

    def ntp() -> None:
        agent.clock.wall_error_ns = 0

    world.timeline.after(world.random.uniform(60, 300), ntp)


def crash_server(world: "World", agent: SimulatedAgent) -> None:
    world.server.crash_at = world.random.choice(_PLACES)


def inbox_away(world: "World", agent: SimulatedAgent) -> None:
    world.server.inbox.away = True

    def back() -> None:
        world.server.inbox.away = False

    world.timeline.after(world.random.uniform(5, 120), back)


def series_away(world: "World", agent: SimulatedAgent) -> None:
    world.server.series.away = True

    def back() -> None:
        world.server.series.away = False

    world.timeline.after(world.random.uniform(5, 300), back)


def restore_server(world: "World", agent: SimulatedAgent) -> None:
    """The database comes back as it was a while ago."""
    if world.clock_faults:
        return
    backup = world.server.backup()
    world.restores += 1
    world.timeline.after(world.random.uniform(10, 200), lambda: world.server.restore(backup))


def restore_snapshot(world: "World", agent: SimulatedAgent) -> None:
    """The virtual machine is set back to how it was."""
    if agent.retired:
        return
    snapshot, known = agent.disk.snapshot(), len(agent.written)

    def restore() -> None:
        if agent.alive:
            agent.kill()
        agent.disk.restore(snapshot)
        agent.clock.boot(world.random.randbytes(16))
        agent.mark_prefix += "r"
        agent.lost_by_restore.update(batch.mark for batch in agent.written[known:])
        agent.cloned = True
        agent.start()

    world.timeline.after(world.random.uniform(20, 200), restore)


def start_clone(world: "World", agent: SimulatedAgent) -> None:
    """A copy of the machine runs beside it."""
    if agent.retired or not agent.disk.names():
        return
    clone = world.add_clone(agent)
    clone.disk.restore(agent.disk.snapshot())
    clone.start()


ORDINARY: tuple[Fault, ...] = (
    kill_in_a_call,
    kill_now,
    cut_power,
    cut_power_in_a_call,
    partition,
    lose_acks,
    hostile_line,
    slow_line,
    reset_stream,
    crash_server,
    crash_server,
    crash_server,
    inbox_away,
    series_away,
    forge_ack,
)
DISK: tuple[Fault, ...] = (fail_fsync, fail_write, fill_disk, flip_a_bit)
CLOCK: tuple[Fault, ...] = (jump_clock, boot_in_1970)
RARE: tuple[Fault, ...] = (restore_server, restore_snapshot, start_clone)
