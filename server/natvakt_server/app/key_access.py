"""The server's keys for the commands that need them. Beside the context, which every command loads: cryptography takes time to load."""

import os

from natvakt_server.app.context import Context
from natvakt_server.app.desk import make_desk
from natvakt_server.app.keys import Keys, open_keys
from natvakt_server.app.stores import Stores
from natvakt_server.identity.enrolment import EnrolmentDesk
from natvakt_server.identity.key_files import KeyDirectory


def keys_of(context: Context, stores: Stores) -> Keys:
    return open_keys(KeyDirectory(context.paths().keys), stores, context.clock, os.urandom)


def desk_of(context: Context, stores: Stores) -> EnrolmentDesk:
    return make_desk(context.configuration(), stores, keys_of(context, stores), context.clock, os.urandom)
