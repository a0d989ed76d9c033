"""A collector of Windows events that speaks the recorded shapes: hands out the subscriptions in FOLDER/items.xml, acknowledges, and keeps every
message in FOLDER as NNNNN.head and NNNNN.body. FOLDER/mood says how it answers: ack, 401, 503, fault, garbage, close, or nothing at all (late)."""
import http.server
import os
import re
import socketserver
import ssl
import sys
import threading
import time

folder, port, certificate = sys.argv[1], int(sys.argv[2]), sys.argv[3]
counter, lock = [0], threading.Lock()
HEAD = ('<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" '
        'xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd">'
        '<s:Header><a:Action>%s</a:Action><a:MessageID>uuid:0B000001-0000-4000-8000-%012X</a:MessageID>'
        '<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:RelatesTo>%s</a:RelatesTo></s:Header><s:Body>%s</s:Body></s:Envelope>')


def read(name, otherwise):
    try:
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            return file.read()
    except FileNotFoundError:
        return otherwise


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        with lock:
            counter[0] += 1
            number = counter[0]
        for end, content in (('head', f'{self.path}\n{self.headers}'.encode()), ('body', body)):
            with open(os.path.join(folder, f'.{number:05}.{end}'), 'wb') as file:
                file.write(content)
            os.rename(os.path.join(folder, f'.{number:05}.{end}'), os.path.join(folder, f'{number:05}.{end}'))
        text = body.decode('utf-16') if body[:2] in (b'\xff\xfe', b'\xfe\xff') else body.decode('utf-8', 'replace')
        action = re.search(r'/([A-Za-z]+)</a:Action>', text)
        action = action.group(1) if action else ''
        mood = read('mood', 'ack').strip()
        if action == 'Enumerate' and not mood.startswith('all-'):
            mood = 'ack'
        mood = mood.removeprefix('all-')
        if mood == '401':
            self.answer(401, 'text/plain', b'', {'WWW-Authenticate': 'Basic realm="elsewhere"'})
        elif mood == '503':
            self.answer(503, 'text/plain', b'', {'Retry-After': '1'})
        elif mood == 'garbage':
            self.answer(200, 'application/soap+xml;charset=UTF-16', b'\xff\xfe<\x00\x00\xd8not a message' * 40)
        elif mood == 'page':
            self.answer(200, 'text/html', b'<html><body>Welcome</body></html>')
        elif mood == 'close':
            self.close_connection = True
        elif mood == 'late':
            while read('mood', 'ack').strip() == 'late':
                time.sleep(0.05)
            self.close_connection = True
        elif mood == 'fault':
            self.soap(500, text, 'http://schemas.xmlsoap.org/ws/2004/08/addressing/fault',
                      '<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>'
                      '<s:Reason><s:Text xml:lang="en-US">The store is being moved.</s:Text></s:Reason></s:Fault>')
        elif mood == 'wrong-ack':
            self.soap(200, '<a:MessageID>uuid:somebody-else</a:MessageID>', 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack', '')
        elif action == 'Enumerate':
            self.soap(200, text, 'http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse',
                      '<n:EnumerateResponse><n:EnumerationContext/><w:Items>' + read('items.xml', '') + '</w:Items><w:EndOfSequence/></n:EnumerateResponse>')
        elif action == 'End':
            self.answer(204, None, b'')
        elif not body:
            self.answer(200, None, b'')
        else:
            self.soap(200, text, 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack', '')

    def soap(self, status, request, action, body):
        asked = re.search(r'<a:MessageID[^>]*>([^<]+)<', request)
        text = HEAD % (action, counter[0], asked.group(1) if asked else '', body)
        self.answer(status, 'application/soap+xml;charset=UTF-16', b'\xff\xfe' + text.encode('utf-16-le'))

    def answer(self, status, kind, body, more=None):
        self.send_response(status)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        if kind:
            self.send_header('Content-Type', kind)
        if status != 204:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # whoever hangs up is no news


server = Server(('127.0.0.1', port), Collector)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
# The handshake is each connection's own affair: in its thread, not where connections are taken.
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
