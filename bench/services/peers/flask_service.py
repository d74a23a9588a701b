"""The usual Flask service with metrics; the access log is gunicorn's."""
import time

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

app = Flask(__name__)
operations = Counter("http_demo_request_operations", "Requests.")
durations = Histogram("http_request_duration_seconds", "Duration.", ["route", "method", "status"])


@app.before_request
def begin():
    g.begin = time.perf_counter()


@app.after_request
def observe(response):
    durations.labels(request.url_rule.rule if request.url_rule else "none", request.method, response.status_code).observe(
        time.perf_counter() - g.begin
    )
    return response


@app.get("/")
def greeting():
    operations.inc()
    return Response("Hello, Kubernetes with KEDA!", mimetype="text/plain")


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
