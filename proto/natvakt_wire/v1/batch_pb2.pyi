from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Batch(_message.Message):
    __slots__ = ("dictionary", "tables", "documents", "clock")
    DICTIONARY_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    dictionary: _containers.RepeatedScalarFieldContainer[str]
    tables: _containers.RepeatedCompositeFieldContainer[Table]
    documents: _containers.RepeatedCompositeFieldContainer[Document]
    clock: ClockNote
    def __init__(self, dictionary: _Optional[_Iterable[str]] = ..., tables: _Optional[_Iterable[_Union[Table, _Mapping]]] = ..., documents: _Optional[_Iterable[_Union[Document, _Mapping]]] = ..., clock: _Optional[_Union[ClockNote, _Mapping]] = ...) -> None: ...

class Table(_message.Message):
    __slots__ = ("measurement", "rows", "device", "tags", "time", "fields")
    MEASUREMENT_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    measurement: int
    rows: int
    device: Column
    tags: _containers.RepeatedCompositeFieldContainer[Column]
    time: Column
    fields: _containers.RepeatedCompositeFieldContainer[Column]
    def __init__(self, measurement: _Optional[int] = ..., rows: _Optional[int] = ..., device: _Optional[_Union[Column, _Mapping]] = ..., tags: _Optional[_Iterable[_Union[Column, _Mapping]]] = ..., time: _Optional[_Union[Column, _Mapping]] = ..., fields: _Optional[_Iterable[_Union[Column, _Mapping]]] = ...) -> None: ...

class Column(_message.Message):
    __slots__ = ("name", "absent", "integers", "floats", "booleans", "strings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ABSENT_FIELD_NUMBER: _ClassVar[int]
    INTEGERS_FIELD_NUMBER: _ClassVar[int]
    FLOATS_FIELD_NUMBER: _ClassVar[int]
    BOOLEANS_FIELD_NUMBER: _ClassVar[int]
    STRINGS_FIELD_NUMBER: _ClassVar[int]
    name: int
    absent: bytes
    integers: Integers
    floats: bytes
    booleans: bytes
    strings: Integers
    def __init__(self, name: _Optional[int] = ..., absent: _Optional[bytes] = ..., integers: _Optional[_Union[Integers, _Mapping]] = ..., floats: _Optional[bytes] = ..., booleans: _Optional[bytes] = ..., strings: _Optional[_Union[Integers, _Mapping]] = ...) -> None: ...

class Integers(_message.Message):
    __slots__ = ("constant", "deltas", "planes", "width", "planes_are_deltas", "is_unsigned", "exceptions")
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    DELTAS_FIELD_NUMBER: _ClassVar[int]
    PLANES_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    PLANES_ARE_DELTAS_FIELD_NUMBER: _ClassVar[int]
    IS_UNSIGNED_FIELD_NUMBER: _ClassVar[int]
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    constant: int
    deltas: _containers.RepeatedScalarFieldContainer[int]
    planes: bytes
    width: int
    planes_are_deltas: bool
    is_unsigned: bool
    exceptions: bytes
    def __init__(self, constant: _Optional[int] = ..., deltas: _Optional[_Iterable[int]] = ..., planes: _Optional[bytes] = ..., width: _Optional[int] = ..., planes_are_deltas: _Optional[bool] = ..., is_unsigned: _Optional[bool] = ..., exceptions: _Optional[bytes] = ...) -> None: ...

class Document(_message.Message):
    __slots__ = ("kind", "device", "observed_at", "digest", "body", "unchanged", "part", "parts")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    OBSERVED_AT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    kind: int
    device: int
    observed_at: int
    digest: bytes
    body: bytes
    unchanged: bool
    part: int
    parts: int
    def __init__(self, kind: _Optional[int] = ..., device: _Optional[int] = ..., observed_at: _Optional[int] = ..., digest: _Optional[bytes] = ..., body: _Optional[bytes] = ..., unchanged: _Optional[bool] = ..., part: _Optional[int] = ..., parts: _Optional[int] = ...) -> None: ...

class ClockNote(_message.Message):
    __slots__ = ("boot_id", "wall_ns", "monotonic_ns")
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    WALL_NS_FIELD_NUMBER: _ClassVar[int]
    MONOTONIC_NS_FIELD_NUMBER: _ClassVar[int]
    boot_id: bytes
    wall_ns: int
    monotonic_ns: int
    def __init__(self, boot_id: _Optional[bytes] = ..., wall_ns: _Optional[int] = ..., monotonic_ns: _Optional[int] = ...) -> None: ...
