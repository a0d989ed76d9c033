"""Proves a user by impacket's NTLM and exchanges sealed messages on one connection: impacket_ntlm.py HOST PORT USER PASSWORD COUNT; the message is standard input. Prints the last answer."""
import base64, http.client, struct, sys
from Cryptodome.Cipher import ARC4
from impacket import ntlm

host, port, user, password, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
message = sys.stdin.buffer.read()
connection = http.client.HTTPConnection(host, port)


def leg(token):
    connection.request('POST', '/wsman', b'', {'Authorization': 'Negotiate ' + base64.b64encode(token).decode()})
    answer = connection.getresponse()
    answer.read()
    theirs = [v for k, v in answer.getheaders() if k.lower() == 'www-authenticate' and v.startswith('Negotiate ')]
    return answer.status, base64.b64decode(theirs[0].split(' ')[1]) if theirs else b''


first = ntlm.getNTLMSSPType1('', '', signingRequired=True)
status, challenge = leg(first.getData())
last, key = ntlm.getNTLMSSPType3(first, challenge, user, password, '', use_ntlmv2=True)
status, _ = leg(last.getData())
if status != 200:
    sys.exit('refused: %d' % status)

flags = last['flags']
ours = ntlm.SIGNKEY(flags, key), ARC4.new(ntlm.SEALKEY(flags, key)).encrypt
theirs = ntlm.SIGNKEY(flags, key, 'Server'), ARC4.new(ntlm.SEALKEY(flags, key, 'Server')).encrypt
boundary, protocol = b'--Encrypted Boundary', 'application/HTTP-SPNEGO-session-encrypted'
for number in range(count):
    cipher, signature = ntlm.SEAL(flags, ours[0], None, message, message, number, ours[1])
    part = struct.pack('<I', 16) + signature.getData() + cipher
    body = (boundary + b'\r\n\tContent-Type: ' + protocol.encode() + b'\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n' % len(message)
            + boundary + b'\r\n\tContent-Type: application/octet-stream\r\n' + part + boundary + b'--\r\n')
    connection.request('POST', '/wsman', body, {'Content-Type': 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % protocol})
    answer = connection.getresponse()
    sealed = answer.read()
    assert answer.status == 200, answer.status
    at = sealed.index(b'octet-stream\r\n') + 14
    header, data = sealed[at + 4:at + 20], sealed[at + 20:-24]
    plain = theirs[1](data)
    assert ntlm.SIGN(flags, theirs[0], plain, number, theirs[1]).getData() == header, 'the signature is wrong'
print(plain.decode())
