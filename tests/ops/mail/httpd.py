#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An HTTP server for tests that takes what webhooks and SMS gateways are sent, and treats it badly.

usage: httpd.py FOLDER

Each request is FOLDER/NNNN.request, in lines: method and path, its headers in lower case, an empty line,
the body, and at the end whether its signature is right, by the secret in FOLDER/secret (an implementation
of the Standard Webhooks specification of its own). The port is in FOLDER/port when it serves. By path:

  /ok     204                 /gone      410
  /later  503 the first time  /elsewhere 302 to /ok
  /stall  no answer           /endless   200 and a body without an end
  /echo   400 and what it was sent
  /drip   no whole head       /refused   400 with terminal controls in its body
"""
import base64
import hashlib
import hmac
import http.server
import os
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
seen = set()
count = 0


def signature_of(headers, body):
    try:
        with open(folder + '/secret', encoding='ascii') as file:
            secret = file.read().strip()
    except FileNotFoundError:
        return 'no secret'
    given = headers.get('webhook-signature', '').split(' ')
    signed = '.'.join([headers['webhook-id'], headers['webhook-timestamp'], body]).encode()
    key = base64.b64decode(secret.removeprefix('whsec_'))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    fresh = abs(time.time() - int(headers['webhook-timestamp'])) < 60
    return 'signed' if 'v1,' + expected in given and fresh else 'NOT signed'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def keep(self, body):
        global count
        headers = {name.lower(): value for name, value in self.headers.items()}
        lines = [self.command + ' ' + self.path]
        lines += [name + ': ' + value for name, value in headers.items()]
        lines += ['', body, signature_of(headers, body)]
        with lock:
            count += 1
            path = '%s/%04d.request' % (folder, count)
        with open(path + '.new', 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')
        os.rename(path + '.new', path)

    def answer(self, status, body=b'', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()
        self.keep(body)
        what = self.path.split('?')[0].strip('/')
        with lock:
            first = what not in seen
            seen.add(what)
        if what == 'gone':
            self.answer(410)
        elif what == 'later':
            self.answer(503 if first else 200, b'come again', **{'Retry-After': '0'})
        elif what == 'elsewhere':
            self.answer(302, Location='/ok')
        elif what == 'refused':
            self.answer(400, b'\x1b[31mno\r\nsuch phone\xff')
        elif what == 'echo':
            self.answer(400, b'bad request: ' + body.split('text=')[-1].encode())
        elif what == 'stall':
            time.sleep(3600)
        elif what == 'drip':
            self.wfile.write(b'HTTP/1.1 20')
            self.wfile.flush()
            time.sleep(3600)
        elif what == 'endless':
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b'x' * 65536)
        else:
            self.answer(204)

    do_GET = do_POST = serve


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
server.handle_error = lambda request, address: None
with open(folder + '/port.new', 'w', encoding='ascii') as port:
    port.write(str(server.server_address[1]))
os.rename(folder + '/port.new', folder + '/port')
server.serve_forever()
