"""Takes one item after the other from the inbox, found through Kubernetes' service variables."""
import os
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

inbox = f"http://{os.environ['INBOX_SERVICE_HOST']}:{os.environ['INBOX_SERVICE_PORT']}/take"
name = os.environ["HOSTNAME"].encode()


class Clerk(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def work():
    while True:
        try:
            with urllib.request.urlopen(inbox, data=name, timeout=5) as answer:
                found = answer.status == 200
        except OSError as error:
            print(f"the inbox does not answer: {error}", flush=True)
            found = False
        time.sleep(0.05 if found else 0.25)


threading.Thread(target=work, daemon=True).start()
ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Clerk).serve_forever()
