"""Prints the SHA-1 of the certificate that a service shows inside of CredSSP, and whether it signed itself: credssp_certificate.py HOST PORT."""
import base64, hashlib, http.client, ssl, subprocess, sys

connection = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]))
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(incoming, outgoing)
while True:
    try:
        tls.do_handshake()
        break
    except ssl.SSLWantReadError:
        connection.request('POST', '/wsman', b'', {'Authorization': 'CredSSP ' + base64.b64encode(outgoing.read()).decode()})
        answer = connection.getresponse()
        answer.read()
        theirs = [value for name, value in answer.getheaders() if name.lower() == 'www-authenticate' and value.startswith('CredSSP ')]
        if not theirs:
            sys.exit('CredSSP is not offered')
        incoming.write(base64.b64decode(theirs[0].split(' ')[1]))
der = tls.getpeercert(True)
names = subprocess.run(['openssl', 'x509', '-inform', 'DER', '-noout', '-subject', '-issuer'], input=der, capture_output=True, check=True).stdout.decode().split('\n')
print(hashlib.sha1(der).hexdigest().upper(), names[0].split('=', 1)[1] == names[1].split('=', 1)[1])
