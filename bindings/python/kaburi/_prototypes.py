# SPDX-License-Identifier: Apache-2.0
"""``include/kaburi.h`` for ctypes: its constants, its structs and one table of its functions.

Takes a loaded library, gives it argument and result types. A function that returns a status raises
instead of returning one. ``tests/test_prototypes.py`` compares all of this with the header, so a
new function or field of the header needs its row here.
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char, c_double, c_float, c_size_t, c_void_p
from ctypes import c_char_p, c_int32, c_int64, c_uint8, c_uint32, c_uint64
from typing import Any, Dict, Tuple

from ._errors import error_of

#: Version of the header that this file mirrors.
VERSION = (0, 1, 0)

AMOUNT_ABSENT = -(2**63)
DATE_ABSENT = -(2**31)
FIELD_COUNT = 16
TEXT_SIZE_MAX = 16384
LANGUAGES = {"en": 0, "ja": 1}
FORMATS = {"text": 0, "json": 1}
SEARCH_EXCEPT_SELF = 1
OPEN_HEADER = 1


# ---- structs ----


class kaburi_error(Structure):
    _fields_ = [
        ("status", c_int32),
        ("os_error", c_int32),
        ("offset", c_uint64),
        ("message", c_char * 240),
    ]


class kaburi_text(Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class kaburi_allocator(Structure):
    _fields_ = [("context", c_void_p), ("resize", c_void_p)]


class kaburi_record(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("stage", c_int32),
        ("id", c_uint64),
        ("company", kaburi_text),
        ("company_reading", kaburi_text),
        ("corporate_number", kaburi_text),
        ("domain", kaburi_text),
        ("deal", kaburi_text),
        ("department", kaburi_text),
        ("owner", kaburi_text),
        ("campaigns", kaburi_text),
        ("amount", c_int64),
        ("close_date", c_int32),
        ("kind", c_int32),
    ]


class kaburi_column(Structure):
    _fields_ = [
        ("data", c_void_p),
        ("offsets32", c_void_p),
        ("offsets64", c_void_p),
        ("views", c_void_p),
        ("buffers", c_void_p),
        ("buffer_sizes", c_void_p),
        ("buffer_count", c_size_t),
        ("valid", c_void_p),
        ("valid_first", c_size_t),
    ]


class kaburi_batch(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("count", c_size_t),
        ("ids", c_void_p),
        ("company", kaburi_column),
        ("company_reading", kaburi_column),
        ("corporate_number", kaburi_column),
        ("domain", kaburi_column),
        ("deal", kaburi_column),
        ("amounts", c_void_p),
        ("close_dates", c_void_p),
        ("stages", c_void_p),
        ("kinds", c_void_p),
    ]


class kaburi_match(Structure):
    _fields_ = [
        ("id", c_uint64),
        ("probability", c_double),
        ("verdict", c_int32),
        ("decision", c_int32),
        ("evidence", c_uint64),
        ("weight", c_float * FIELD_COUNT),
        ("level", c_uint8 * FIELD_COUNT),
    ]


class kaburi_compare_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("fiscal_month", c_uint32),
        ("model", c_void_p),
        ("aliases", c_void_p),
        ("policy", c_void_p),
    ]


class kaburi_merge_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("compare", POINTER(kaburi_compare_options)),
        ("first_touch_a", c_int32),
        ("first_touch_b", c_int32),
        ("created_a", c_int32),
        ("created_b", c_int32),
    ]


class kaburi_index_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("sketch", c_int32),
        ("bands", c_uint32),
        ("rows", c_uint32),
        ("record_rarest", c_uint32),
        ("query_rarest", c_uint32),
        ("deletion_max", c_uint32),
        ("postings_max", c_uint32),
        ("scored_max", c_uint32),
        ("seed", c_uint64),
        ("model", c_void_p),
        ("aliases", c_void_p),
        ("policy", c_void_p),
        ("allocator", kaburi_allocator),
    ]


class kaburi_index_stats(Structure):
    _fields_ = [
        ("records", c_uint64),
        ("record_bytes", c_uint64),
        ("id_bytes", c_uint64),
        ("key_bytes", c_uint64),
        ("keys", c_uint64),
        ("postings", c_uint64),
        ("merged_records", c_uint64),
        ("merged_bytes", c_uint64),
        ("mapped_bytes", c_uint64),
        ("removed_records", c_uint64),
        ("reserved_records", c_uint64),
    ]


class kaburi_open_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("postings_max", c_uint32),
        ("scored_max", c_uint32),
        ("model", c_void_p),
        ("aliases", c_void_p),
        ("policy", c_void_p),
        ("allocator", kaburi_allocator),
    ]


class kaburi_search_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("top", c_uint32),
        ("scored_max", c_uint32),
        ("probability_min", c_double),
        ("policy", c_void_p),
        ("postings_max", c_uint32),
        ("microseconds_max", c_uint32),
    ]


class kaburi_search_stats(Structure):
    _fields_ = [
        ("keys", c_uint64),
        ("postings", c_uint64),
        ("candidates", c_uint64),
        ("scored", c_uint64),
        ("truncated", c_uint64),
    ]


class kaburi_dedupe_options(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("threads", c_uint32),
        ("partners_max", c_uint32),
        ("cluster_max", c_uint32),
        ("verdicts", c_uint32),
        ("decision_min", c_int32),
        ("index", POINTER(kaburi_index_options)),
        ("context", c_void_p),
        ("progress", CFUNCTYPE(None, c_void_p, c_size_t, c_size_t)),
    ]


class kaburi_pair(Structure):
    _fields_ = [
        ("a", c_uint64),
        ("b", c_uint64),
        ("probability", c_double),
        ("evidence", c_uint64),
        ("verdict", c_int32),
        ("decision", c_int32),
    ]


class kaburi_dedupe_stats(Structure):
    _fields_ = [
        ("records", c_uint64),
        ("pairs", c_uint64),
        ("duplicates", c_uint64),
        ("parted_duplicates", c_uint64),
        ("clusters", c_uint64),
        ("clustered_records", c_uint64),
        ("capped_records", c_uint64),
        ("capped_keys", c_uint64),
        ("crowded_records", c_uint64),
    ]


# ---- functions ----


class Status(c_int32):
    """The result of a function that returns a status: only a mark, for the status is checked."""


_error_p = POINTER(kaburi_error)
_record_p = POINTER(kaburi_record)
_batch_p = POINTER(kaburi_batch)
_size_p = POINTER(c_size_t)
_handle_p = POINTER(c_void_p)
_allocator_p = POINTER(kaburi_allocator)

#: name -> (result, arguments). ``Status``: raises unless 0; the last argument is the error.
#: Opaque handles, and buffers whose address is computed, are ``c_void_p``.
FUNCTIONS: Dict[str, Tuple[Any, Tuple[Any, ...]]] = {
    "kaburi_version": (c_uint32, ()),
    "kaburi_build_info": (c_char_p, ()),
    "kaburi_status_name": (c_char_p, (c_int32,)),
    "kaburi_text_of": (kaburi_text, (c_char_p,)),
    "kaburi_record_init": (None, (_record_p,)),
    "kaburi_batch_init": (None, (_batch_p,)),
    "kaburi_field_name": (c_char_p, (c_int32,)),
    "kaburi_verdict_name": (c_char_p, (c_int32,)),
    "kaburi_decision_name": (c_char_p, (c_int32,)),
    "kaburi_evidence_name": (c_char_p, (c_uint64,)),
    "kaburi_level_name": (c_char_p, (c_int32, c_int32)),
    "kaburi_model_load": (Status, (_handle_p, c_char_p, _allocator_p, _error_p)),
    "kaburi_model_parse": (Status, (_handle_p, c_char_p, c_size_t, _allocator_p, _error_p)),
    "kaburi_model_free": (None, (c_void_p,)),
    "kaburi_model_default_text": (c_void_p, (_size_p,)),
    "kaburi_model_write": (Status, (c_void_p, c_void_p, c_size_t, _size_p, _error_p)),
    "kaburi_policy_load": (Status, (_handle_p, c_char_p, _allocator_p, _error_p)),
    "kaburi_policy_parse": (Status, (_handle_p, c_char_p, c_size_t, _allocator_p, _error_p)),
    "kaburi_policy_free": (None, (c_void_p,)),
    "kaburi_policy_default": (c_void_p, ()),
    "kaburi_policy_default_text": (c_void_p, (_size_p,)),
    "kaburi_policy_write": (Status, (c_void_p, c_void_p, c_size_t, _size_p, _error_p)),
    "kaburi_policy_thresholds": (
        Status,
        (c_void_p, c_int32, c_int32, c_int32, POINTER(c_double), POINTER(c_double), _error_p),
    ),
    "kaburi_aliases_load": (Status, (_handle_p, c_char_p, _allocator_p, _error_p)),
    "kaburi_aliases_parse": (Status, (_handle_p, c_char_p, c_size_t, _allocator_p, _error_p)),
    "kaburi_aliases_free": (None, (c_void_p,)),
    "kaburi_aliases_count": (c_size_t, (c_void_p,)),
    "kaburi_aliases_default": (c_void_p, ()),
    "kaburi_compare_options_init": (None, (POINTER(kaburi_compare_options),)),
    "kaburi_compare": (
        Status,
        (_record_p, _record_p, POINTER(kaburi_compare_options), POINTER(kaburi_match), _error_p),
    ),
    "kaburi_explain": (
        Status,
        (
            _record_p,
            _record_p,
            POINTER(kaburi_compare_options),
            c_int32,
            c_int32,
            c_void_p,
            c_size_t,
            _size_p,
            _error_p,
        ),
    ),
    "kaburi_merge_options_init": (None, (POINTER(kaburi_merge_options),)),
    "kaburi_merge_advise": (
        Status,
        (
            _record_p,
            _record_p,
            POINTER(kaburi_merge_options),
            c_int32,
            c_int32,
            c_void_p,
            c_size_t,
            _size_p,
            _error_p,
        ),
    ),
    "kaburi_normalize": (Status, (_handle_p, _record_p, _allocator_p, _error_p)),
    "kaburi_parts_free": (None, (c_void_p,)),
    "kaburi_parts_count": (c_size_t, (c_void_p,)),
    "kaburi_parts_name": (c_char_p, (c_void_p, c_size_t)),
    "kaburi_parts_value": (c_char_p, (c_void_p, c_size_t)),
    "kaburi_index_options_init": (None, (POINTER(kaburi_index_options),)),
    "kaburi_index_create": (Status, (_handle_p, POINTER(kaburi_index_options), _error_p)),
    "kaburi_index_free": (None, (c_void_p,)),
    "kaburi_index_add": (Status, (c_void_p, _record_p, _error_p)),
    "kaburi_index_add_many": (Status, (c_void_p, _batch_p, _size_p, _error_p)),
    "kaburi_index_add_records": (Status, (c_void_p, _record_p, c_size_t, _size_p, _error_p)),
    "kaburi_index_remove": (Status, (c_void_p, c_uint64, _error_p)),
    "kaburi_index_check_and_reserve": (
        Status,
        (c_void_p, _record_p, POINTER(kaburi_search_options), c_void_p, _error_p),
    ),
    "kaburi_index_confirm": (Status, (c_void_p, c_uint64, _error_p)),
    "kaburi_index_cancel": (Status, (c_void_p, c_uint64, _error_p)),
    "kaburi_index_contains": (c_int32, (c_void_p, c_uint64)),
    "kaburi_index_count": (c_size_t, (c_void_p,)),
    "kaburi_index_measure": (None, (c_void_p, POINTER(kaburi_index_stats))),
    "kaburi_index_merge": (Status, (c_void_p, _error_p)),
    "kaburi_index_save": (Status, (c_void_p, c_char_p, _error_p)),
    "kaburi_open_options_init": (None, (POINTER(kaburi_open_options),)),
    "kaburi_index_open": (
        Status,
        (_handle_p, c_char_p, POINTER(kaburi_open_options), _error_p),
    ),
    "kaburi_search_options_init": (None, (POINTER(kaburi_search_options),)),
    "kaburi_matches_create": (Status, (_handle_p, _allocator_p, _error_p)),
    "kaburi_matches_free": (None, (c_void_p,)),
    "kaburi_matches_count": (c_size_t, (c_void_p,)),
    "kaburi_matches_data": (c_void_p, (c_void_p,)),
    "kaburi_matches_stats": (None, (c_void_p, POINTER(kaburi_search_stats))),
    "kaburi_search": (
        Status,
        (c_void_p, _record_p, POINTER(kaburi_search_options), c_void_p, _error_p),
    ),
    "kaburi_search_many": (
        Status,
        (
            c_void_p,
            _batch_p,
            c_size_t,
            c_size_t,
            POINTER(kaburi_search_options),
            c_void_p,
            c_void_p,
            c_size_t,
            c_void_p,
            _size_p,
            _error_p,
        ),
    ),
    "kaburi_dedupe_options_init": (None, (POINTER(kaburi_dedupe_options),)),
    "kaburi_dedupe": (
        Status,
        (_handle_p, _batch_p, POINTER(kaburi_dedupe_options), _error_p),
    ),
    "kaburi_duplicates_free": (None, (c_void_p,)),
    "kaburi_duplicates_pairs": (POINTER(kaburi_pair), (c_void_p, _size_p)),
    "kaburi_duplicates_clusters": (POINTER(c_uint32), (c_void_p, _size_p)),
    "kaburi_duplicates_stats": (None, (c_void_p, POINTER(kaburi_dedupe_stats))),
    "kaburi_keys": (
        Status,
        (
            _record_p,
            POINTER(kaburi_index_options),
            POINTER(c_uint64),
            c_size_t,
            _size_p,
            _error_p,
        ),
    ),
}


def _check(status: int, function: Any, arguments: Tuple[Any, ...]) -> None:
    """errcheck of every function that returns a status."""
    if status != 0:
        # byref() keeps the struct it points to in _obj.
        error = arguments[-1]._obj
        message = error.message.decode("utf-8", "replace")
        raise error_of(status, message, error.offset, error.os_error)


def declare(library: ctypes.CDLL) -> None:
    """Gives every function of a library its types; AttributeError names one that is missing."""
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes = arguments
        if result is Status:
            function.restype = c_int32
            function.errcheck = _check
        else:
            function.restype = result
