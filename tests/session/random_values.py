"""Random values of every type of the contract, as the text that PostgreSQL reads. Used by test_types_property.py.

A column is (name, type as CREATE TABLE spells it, the same for the local table it is compared with, generator). Each
generator takes a random.Random and mixes extremes, awkward values and plain random ones; None is added by the caller.
"""
import json
import math
import struct

ALPHABET = ["a", "b", "Z", " ", "\n", "\t", "\r", '"', "\\", "'", "\x01", "\x1f", "\x7f", "é", "ß", "☃", "😀", "\u2028", "\ufeff", "{", "[", "0"]


def text(random, longest=30):
    return "".join(random.choice(ALPHABET) for _ in range(random.randint(0, longest)))


def one_of(*values):
    return lambda random: random.choice(values)


def integer(bits):
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return lambda random: str(random.choice([0, 1, -1, low, high, random.randint(low, high), random.randint(-1000, 1000)]))


def finite(random, float_format, integer_format):
    size = struct.calcsize(float_format)
    while True:
        value = struct.unpack(float_format, struct.pack(integer_format, random.getrandbits(8 * size)))[0]
        if math.isfinite(value):
            return value


def float8(random):
    plain = random.random() * 10 ** random.randint(-5, 15)
    return repr(random.choice([finite(random, "d", "Q"), plain, -plain, 0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e23]))


def float4(random):
    # As many digits as a float's double has, so that PostgreSQL reads exactly this float.
    return repr(random.choice([finite(random, "f", "I"), 0.0, 1.401298464324817e-45, 3.4028234663852886e38, 16777216.0]))


def or_negative_zero(generate):
    """For floats inside other values: columns of floats keep no negative zero."""
    return lambda random: random.choice([generate(random), generate(random), "-0.0"])


def decimal(precision, scale):
    def generate(random):
        digits = str(random.randint(0, 10 ** random.randint(0, precision) - 1)).rjust(scale + 1, "0")
        sign = random.choice(["", "-"])
        return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)
    return generate


def clock(random):
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}.{random.randint(0, 999999):06}"


def day(random):
    return f"{random.randint(1, 9999):04}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def date(random):
    return random.choice(["4714-11-24 BC", "5874897-12-31", "2000-01-01", "1970-01-01", "1969-12-31", "0001-01-01", day(random)])


def timestamp(zone):
    def generate(random):
        return random.choice([f"4714-11-24 00:00:00{zone} BC", f"294246-12-31 23:59:59.999999{zone}", f"1970-01-01 00:00:00{zone}",
                              f"1969-12-31 23:59:59.999999{zone}", f"{day(random)} {clock(random)}{zone}"])
    return generate


def binary(random):
    return "\\x" + random.randbytes(random.choice([0, 1, 5, 200])).hex()


def document(random):
    value = {text(random): [text(random), None, random.random(), True, {}]}
    return random.choice(['{"a": 1.50, "a":2}', " [1 , 2] ", "null", '"\\u00e9\\u0001"', json.dumps(value),
                          json.dumps(value, ensure_ascii=False)])


def array_of(item, longest=4):
    def generate(random):
        items = [item(random) for _ in range(random.randint(0, longest))]
        return "{" + ",".join('"' + i.replace("\\", "\\\\").replace('"', '\\"') + '"' for i in items) + "}"
    return generate


def embedding(random):
    return "{" + ",".join(or_negative_zero(float4)(random) for _ in range(4)) + "}"


COLUMNS = [(name, remote, local or remote, generator) for name, remote, local, generator in [
    ("c_boolean", "boolean", None, one_of("true", "false")),
    ("c_smallint", "smallint", None, integer(16)),
    ("c_integer", "integer", None, integer(32)),
    ("c_bigint", "bigint", None, integer(64)),
    ("c_real", "real", None, float4),
    ("c_double", "double precision", None, float8),
    ("c_text", "text", None, text),
    ("c_varchar", "varchar(30)", None, text),
    ("c_char", "char(8)", None, lambda random: text(random, 8)),
    ("c_name", "name", None, lambda random: text(random, 15)),
    ("c_enum", "property.mood", None, one_of("sad", "it's \"so\"", "☃")),
    ("c_json", "json", None, document),
    ("c_jsonb", "jsonb", None, document),
    ("c_date", "date", None, date),
    ("c_time", "time", None, lambda random: random.choice(["00:00", "24:00", "23:59:59.999999", clock(random)])),
    ("c_timestamp", "timestamp", None, timestamp("")),
    ("c_timestamptz", "timestamptz", None, timestamp("+00")),
    ("c_bytea", "bytea", None, binary),
    ("c_uuid", "uuid", None, lambda random: f"{random.getrandbits(128):032x}"),
    ("c_numeric", "numeric(10,2)", None, decimal(10, 2)),
    ("c_numeric38", "numeric(38,10)", None, decimal(38, 10)),
    ("c_numeric0", "numeric(38,0)", None, decimal(38, 0)),
    ("c_embedding", "EMBEDDING(4)", "real[]", embedding),
    ("c_domain", "property.price", None, decimal(12, 2)),
    ("c_interval", "interval", None, one_of("0", "1 year -2 mons +3 days -04:05:06.789", "-178000000 years", "00:00:00.000001")),
    ("c_integers", "int[]", None, array_of(integer(32))),
    ("c_texts", "text[]", None, array_of(text)),
    ("c_doubles", "float8[]", None, array_of(or_negative_zero(float8))),
    ("c_range", "int4range", None, one_of("empty", "[1,5)", "(,)", "[3,)")),
    ("c_times", "tstzrange", None, one_of("empty", '["2020-01-01 00:00+00","2021-06-01 12:00:00.5+02")', "(,infinity)")),
    ("c_inet", "inet", None, one_of("10.0.0.1", "::1/64", "192.168.0.0/24")),
    ("c_timetz", "timetz", None, one_of("00:00+14", "23:59:59.999999-12:30", "12:00+00")),
]]


def row(random, key):
    return [str(key)] + [None if random.random() < 0.1 else generate(random) for _, _, _, generate in COLUMNS]
