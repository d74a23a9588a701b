"""An inbox over HTTP: items are put in and taken out; its depth is a metric. Closed until it is told to open."""
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
items, taken = [], {}
is_open = False


class Inbox(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=""):
        data = body.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/metrics":
            self.answer(200, f"# TYPE inbox_depth gauge\ninbox_depth {len(items)}\n")
        elif self.path == "/taken":
            self.answer(200, json.dumps(taken))
        else:
            self.answer(200, "ok\n")

    def do_POST(self):
        global is_open
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        with lock:
            if self.path == "/items":
                items.extend(json.loads(body))
                self.answer(202)
            elif self.path == "/open":
                is_open = True
                self.answer(204)
            elif self.path == "/take":
                if not is_open or not items:
                    return self.answer(204)
                item = items.pop(0)
                taken.setdefault(body.decode(), []).append(item)
                self.answer(200, json.dumps(item))
            else:
                self.answer(404)

    def log_message(self, *_):
        pass


ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Inbox).serve_forever()
