"""Listens for WS-Management events: prints its port, then each message as one line. event_sink.py [messages not acknowledged at first] [PEM of certificate and key]"""
import http.server
import re
import ssl
import sys

withheld = int(sys.argv[1]) if len(sys.argv) > 1 else 0
ACK = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>'
       '<a:Action>http://schemas.dmtf.org/wbem/wsman/1/wsman/Ack</a:Action><a:MessageID>uuid:2</a:MessageID><a:RelatesTo>%s</a:RelatesTo>'
       '</s:Header><s:Body/></s:Envelope>')


class Listener(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global withheld
        message = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        print(message.replace("\n", " "), flush=True)
        wanted = "AckRequested" in message
        acknowledges = wanted and withheld <= 0
        withheld -= 1 if wanted else 0
        body = (ACK % re.search("MessageID>([^<]*)<", message).group(1)).encode() if acknowledges else b""
        self.send_response(200 if acknowledges else 202)
        if body:
            self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
if len(sys.argv) > 2:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2])
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
