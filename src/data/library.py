# SPDX-License-Identifier: Apache-2.0
"""The little of libkaburi that the scripts of this folder and of bench/ call, through ctypes."""
import ctypes


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t)]

    @classmethod
    def of(cls, text):
        data = text.encode()
        return cls(data, len(data))


class Record(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("stage", ctypes.c_int32), ("id", ctypes.c_uint64),
                ("company", Text), ("company_reading", Text), ("corporate_number", Text),
                ("domain", Text), ("deal", Text), ("department", Text), ("owner", Text),
                ("campaigns", Text), ("amount", ctypes.c_int64), ("close_date", ctypes.c_int32),
                ("kind", ctypes.c_int32)]


class Normalizer:
    """The parts that kaburi_normalize reads in a company's name."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.kaburi_parts_count.restype = ctypes.c_size_t
        for name in ("kaburi_parts_name", "kaburi_parts_value", "kaburi_parts_count", "kaburi_parts_free"):
            getattr(self.library, name).argtypes = [ctypes.c_void_p]
        for name in ("kaburi_parts_name", "kaburi_parts_value"):
            getattr(self.library, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t]
            getattr(self.library, name).restype = ctypes.c_char_p
        self.record = Record()
        self.library.kaburi_record_init(ctypes.byref(self.record))

    def parts(self, company, most=1000):
        """{name: value} of the first `most` parts; none for a name that is refused."""
        self.record.company = Text.of(company)
        handle = ctypes.c_void_p()
        if self.library.kaburi_normalize(ctypes.byref(handle), ctypes.byref(self.record), None, None) != 0:
            return {}
        count = min(most, self.library.kaburi_parts_count(handle))
        found = {self.library.kaburi_parts_name(handle, i).decode():
                 self.library.kaburi_parts_value(handle, i).decode() for i in range(count)}
        self.library.kaburi_parts_free(handle)
        return found
