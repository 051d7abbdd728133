"""The CloudWatch of moto on a free port of 127.0.0.1, which it prints, as the AWS SDK for Rust speaks to it.

The SDK sends CBOR to /service/<target>/operation/<operation>, and moto understands JSON: requests and answers are translated. moto knows no
percentiles: they are taken from the values that it keeps, by nearest rank.
"""

import datetime
import gzip
import io
import json
import math
import re

import cbor2
import moto.cloudwatch.models as models
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

OPERATION = re.compile(r"^/service/([^/]+)/operation/([^/]+)$")
TIMES = {"Timestamp", "Timestamps", "StartTime", "EndTime"}
PERCENTILES = (50, 90, 95, 99)

moto = DomainDispatcherApplication(create_backend_app)


def percentiles(statistics):
    values = sorted(statistics.metric_single_values_list)
    rank = lambda percent: math.ceil(percent * len(values) / 100) - 1
    return {f"p{percent}": values[rank(percent)] for percent in PERCENTILES} if values else None


models.Statistics.extended_statistics = property(percentiles)


def for_json(value):
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {key: for_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [for_json(item) for item in value]
    return value


def for_cbor(value, name=None):
    if isinstance(value, dict):
        return {key: for_cbor(item, key) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [for_cbor(item, name) for item in value]
    if name in TIMES and isinstance(value, (int, float)):
        return cbor2.CBORTag(1, float(value))
    return value


def serve(environ, start_response):
    operation = OPERATION.match(environ["PATH_INFO"])
    if not operation:
        return moto(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if environ.pop("HTTP_CONTENT_ENCODING", "") == "gzip":
        body = gzip.decompress(body)
    body = json.dumps(for_json(cbor2.loads(body)) if body else {}).encode()
    asked = dict(
        environ,
        PATH_INFO="/",
        RAW_URI="/",
        REQUEST_URI="/",
        CONTENT_TYPE="application/x-amz-json-1.0",
        CONTENT_LENGTH=str(len(body)),
        HTTP_X_AMZ_TARGET=f"{operation[1]}.{operation[2]}",
    )
    asked["wsgi.input"] = io.BytesIO(body)
    for name in ("HTTP_SMITHY_PROTOCOL", "HTTP_ACCEPT"):
        asked.pop(name, None)
    answered = {}

    def answer(status, headers, exc_info=None):
        answered.update(status=status, headers=headers)
        return lambda data: None

    text = b"".join(moto(asked, answer))
    body = cbor2.dumps(for_cbor(json.loads(text) if text.strip() else {}))
    headers = [
        (name, value)
        for name, value in answered["headers"]
        if name.lower() not in ("content-type", "content-length")
    ]
    headers += [
        ("Content-Type", "application/cbor"),
        ("Content-Length", str(len(body))),
        ("smithy-protocol", "rpc-v2-cbor"),
    ]
    start_response(answered["status"], headers)
    return [body]


server = make_server("127.0.0.1", 0, serve, threaded=True)
print(server.port, flush=True)
server.serve_forever()
