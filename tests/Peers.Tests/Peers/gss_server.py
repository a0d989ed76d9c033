"""A WinRM service out of python3-gssapi (MIT Kerberos, gss-ntlmssp): proves its client per connection, opens sealed messages and seals one answer.

Reads one JSON object from standard input: answer (the SOAP to send back), tls (a PEM file of certificate and key), binding (checked when true),
spoil (the number of the answer whose last sealed byte is changed), shows (each message is printed as a line, and {id} in the answer is its MessageID). Prints its port, serves until standard input ends.
"""
import base64, hashlib, json, os, re, ssl, struct, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import gssapi
from gssapi.raw import ChannelBindings, IOV, IOVBufferType as T, wrap_iov

q = json.loads(sys.stdin.readline())
BINDING = None
if q.get('tls') and q.get('binding'):
    der = ssl.PEM_cert_to_DER_cert(open(q['tls']).read().split('-----BEGIN PRIVATE')[0].strip())
    BINDING = ChannelBindings(application_data=b'tls-server-end-point:' + hashlib.sha256(der).digest())
    if q['binding'] == 'wrong':
        BINDING = ChannelBindings(application_data=b'tls-server-end-point:' + hashlib.sha256(der + b'x').digest())


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = -1  # head and body in one packet
    ctx = None
    answers = 0

    def setup(self):
        super().setup()
        self.ctx = None

    def say(self, status, body=b'', kind=None, headers=()):
        self.send_response(status)
        for k, v in headers:
            self.send_header(k, v)
        if kind:
            self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        auth = self.headers.get('Authorization')
        if auth:
            scheme, token = auth.split(' ')
            try:
                if self.ctx is None or self.ctx.complete:
                    self.ctx = gssapi.SecurityContext(usage='accept', channel_bindings=BINDING)
                out = self.ctx.step(base64.b64decode(token))
                complete = self.ctx.complete
            except gssapi.exceptions.GSSError as e:
                sys.stderr.write(str(e) + '\n')
                self.ctx = None
                return self.say(401, headers=[('WWW-Authenticate', scheme)])
            headers = [('WWW-Authenticate', scheme + ' ' + base64.b64encode(out).decode())] if out else []
            return self.say(200 if complete else 401, headers=headers)
        if self.ctx is None or not self.ctx.complete:
            return self.say(401, headers=[('WWW-Authenticate', 'Negotiate'), ('WWW-Authenticate', 'Kerberos')])
        kind = self.headers['Content-Type']
        if not kind.startswith('multipart/encrypted'):
            return self.say(200, self.answer(body), 'application/soap+xml;charset=UTF-8') if q.get('tls') else self.say(400)
        i = body.index(b'octet-stream\r\n') + 14
        message = self.ctx.unwrap(body[i + 4:body.rindex(b'--Encrypted Boundary--')]).message
        assert b'Envelope' in message
        answer = self.answer(message)
        if '311.2.2.10' in self.ctx.mech.dotted_form:
            w = self.ctx.wrap(answer, True).message
            h, d = w[:16], w[16:]
        else:
            v = IOV(T.header, answer, T.padding, std_layout=False)
            wrap_iov(self.ctx, v, confidential=True)
            h, d = v[0].value, v[1].value + (v[2].value or b'')
        self.answers += 1
        if self.answers == q.get('spoil'):
            d = d[:-1] + bytes([d[-1] ^ 1])
        protocol = kind.split('protocol="')[1].split('"')[0]
        self.say(200, (
            b'--Encrypted Boundary\r\n\tContent-Type: ' + protocol.encode() + b'\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n' % len(answer)
            + b'--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n' + struct.pack('<I', len(h)) + h + d + b'--Encrypted Boundary--\r\n'), kind)

    def answer(self, message):
        if not q.get('shows'):
            return q['answer'].encode()
        text = message.decode()
        print(text.replace('\n', ' '), flush=True)
        return q['answer'].replace('{id}', re.search('MessageID>([^<]*)<', text).group(1)).encode()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
if q.get('tls'):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(q['tls'])
    server.socket = tls.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
os._exit(0)
