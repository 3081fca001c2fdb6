"""The fault-control service of kalam-devserver (proto/kalam_faults.proto) for tests: breaks calls, moves leaders.

    faults = Faults(port)                                  # of a server that was started with --allow-faults
    faults.add(method="Insert", run_first=True, close_connections=True)
    faults.set_leader("http://10.0.0.2:8080", "127.0.0.1:9190")
    faults.clear()

One HTTP/2 connection a call, spoken by hand, since Python's gRPC library need not be there: headers are sent as literals,
and of the answer only its messages are looked at.
"""
import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY = 0, 1, 4, 6, 7
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header field that is not indexed and not compressed."""
    return bytes([0x10, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def field(number, value):
    """One field of a protobuf message; integers and booleans as varints, the rest length-prefixed."""
    if isinstance(value, int):
        return varint(number << 3) + varint(int(value))
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def read_varints(message):
    """The varint fields of a message that has no others."""
    numbers, at = [], 0
    while at < len(message):
        number, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        numbers.append(number)
    return {key >> 3: value for key, value in zip(numbers[::2], numbers[1::2])}


def call(port, method, message):
    """The answer's message; raises if there is none."""
    path = "/kalam.faults.FaultService/" + method
    headers = b"".join(literal(name, value) for name, value in (
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers")))
    body = b"\0" + struct.pack(">I", len(message)) + message
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        link.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS, 1, headers) + frame(DATA, END_STREAM, 1, body))
        stream = link.makefile("rb")
        answer = b""
        while True:
            head = stream.read(9)
            if len(head) < 9:
                raise ConnectionError(f"{method}: the server hung up")
            length, kind, flags, number = int.from_bytes(head[:3], "big"), head[3], head[4], int.from_bytes(head[5:], "big")
            payload = stream.read(length)
            if kind == SETTINGS and not flags & ACK:
                link.sendall(frame(SETTINGS, ACK, 0))
            elif kind == PING and not flags & ACK:
                link.sendall(frame(PING, ACK, 0, payload))
            elif kind == DATA and number == 1:
                answer += payload
            if number == 1 and kind in (DATA, HEADERS) and flags & END_STREAM:
                break
    if len(answer) < 5:
        raise RuntimeError(f"{method}: refused; is the server running with --allow-faults?")
    return answer[5:]


class Faults:
    def __init__(self, port):
        self.port = port

    def add(self, method="", skip=0, count=1, delay_ms=0, run_first=False, refuse=None, close_connections=False):
        """`refuse`: (gRPC status code, message). `count` 0: all calls from then on."""
        message = field(1, method) + field(2, skip) + field(3, count) + field(4, delay_ms) + field(5, run_first)
        if refuse:
            message += field(6, field(1, refuse[0]) + field(2, refuse[1]))
        if close_connections:
            message += field(8, True)
        call(self.port, "Add", message)

    def set_leader(self, api_addr, rpc_addr, shared=True, users=True):
        """The server pretends that this node leads the shared tables, the tables of users."""
        call(self.port, "SetLeader", field(1, api_addr) + field(2, rpc_addr) + field(3, shared) + field(4, users))

    def clear(self):
        """No faults, and leads everything."""
        call(self.port, "Clear", b"")

    def hits(self):
        """Calls that a fault has hit since the start."""
        return read_varints(call(self.port, "Status", b"")).get(1, 0)
