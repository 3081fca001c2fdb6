#!/usr/bin/env python3
"""Has pyarrow read what the Arrow writer's unit test wrote: arrow_pyarrow_check.py TEST_PROGRAM.

Exits with 77 (skipped) where pyarrow is not installed. Prints TAP.
"""
import datetime
import decimal
import os
import subprocess
import sys
import tempfile

try:
    import pyarrow as pa
except ImportError:
    print("1..0 # SKIP pyarrow is not installed")
    sys.exit(77)

TYPES = ["int32", "bool", "int16", "int64", "float", "double", "string", "string", "timestamp[us]", "timestamp[us, tz=UTC]",
         "date32[day]", "time64[us]", "binary", "fixed_size_binary[16]", "decimal128(10, 2)",
         "fixed_size_list<item: float not null>[3]", "null", "uint64"]
MOMENT = datetime.datetime(2023, 11, 14, 22, 13, 20, 123456)
ROW = [1, True, -7, 9007199254740993, 1.5, -2.25, "héllo ☃", '{"a": [1, null]}', MOMENT,
       MOMENT.replace(tzinfo=datetime.timezone.utc), datetime.date(2022, 1, 8), datetime.time(1, 0, 0, 1), b"\x00\xff\x10",
       b"0123456789abcdef", decimal.Decimal("-123.45"), [1.0, 0.0, 0.5], None, 2**64 - 1]

failures = 0


def check(number, name, ok):
    global failures
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {number} - {name}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        sample = os.path.join(folder, "sample.arrows")
        subprocess.run([sys.argv[1], "writes_the_sample_for_pyarrow"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "KALAM_ARROW_SAMPLE": sample})
        with pa.ipc.open_stream(sample) as reader:
            batches = list(reader)
            schema = reader.schema
    check(1, "one batch", len(batches) == 1)
    batch = batches[0]
    batch.validate(full=True)
    check(2, "types", [str(f.type) for f in schema] == TYPES)
    rows = list(zip(*[column.to_pylist() for column in batch.columns]))
    check(3, "first row", list(rows[0]) == ROW)
    check(4, "last row", rows[2] == rows[0])
    kept = {0, len(ROW) - 1}  # the columns that are not nullable
    check(5, "row of nulls", [v for i, v in enumerate(rows[1]) if i not in kept] == [None] * (len(ROW) - 2))
    check(6, "key flags", schema.field(0).metadata == {b"kalam_column_flags": b'["pk","nn","uq"]', b"kalam_data_type": b'"Int"'})
    check(7, "nullability", [f.nullable for f in schema] == [i not in kept for i in range(len(ROW))])
    print("1..7")
    return 1 if failures else 0


sys.exit(main())
