#!/bin/sh
# Apprise 2.3.0, opsgenie:// — what one would guess: notify() with the type "info" (its default) creates an alert, or says
# that it did not. What it does: it makes no request at all and answers as if it had sent one. "success" is the same;
# "warning" and "failure" make a request. Both become actions on alerts of an earlier call, of which there are none.
# It matters to whoever lets a desk, a cron job or a monitor notify people by Apprise: nobody hears, and nothing fails.
# Needs Python 3.11 or newer; asks a receiver on this machine, never Opsgenie. Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check apprise==2.3.0
"$folder/env/bin/python" - <<'PYTHON'
import http.server
import logging
import sys
import threading

import apprise
import apprise.plugins.opsgenie as opsgenie

logging.disable(logging.CRITICAL)
requests = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        requests.append(self.path)
        self.send_response(202)
        self.end_headers()
        self.wfile.write(b'{"result": "Request will be processed", "requestId": "1"}')

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_address[1]}/v2/alerts"
opsgenie.OPSGENIE_API_LOOKUP = dict.fromkeys(opsgenie.OPSGENIE_API_LOOKUP, address)

seen = {}
for kind in ("info", "success", "warning", "failure"):
    requests.clear()
    service = apprise.Apprise()
    assert service.add("opsgenie://00000000-0000-0000-0000-000000000000/")
    answer = bool(service.notify(title="Disk full", body="db-1", notify_type=kind))
    seen[kind] = (len(requests), answer)
    print(f"apprise {apprise.__version__}, type {kind}: {len(requests)} requests, notify() says {answer}")
same = seen["info"] == seen["success"] == (0, True) and seen["warning"][0] == seen["failure"][0] == 1
sys.exit(0 if same else "this has changed")
PYTHON
