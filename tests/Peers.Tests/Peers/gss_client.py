"""A WinRM client out of python3-gssapi (MIT Kerberos, gss-ntlmssp): proves itself, then exchanges sealed messages on one connection.

Reads one JSON object from standard input: host, port, path, mech (krb5, ntlm, spnego), scheme, body, count, tls, binding (none, right, wrong), flip.
Without flip it prints one line of JSON: status of the handshake, how many sealed answers came, and the last one.
With flip it proves itself anew for each offset in the list, changes the byte there, and prints the status of each answer.
"""
import base64, hashlib, http.client, json, ssl, struct, sys
import gssapi
from gssapi.raw import ChannelBindings, IOV, IOVBufferType as T, unwrap_iov, wrap_iov

q = json.load(sys.stdin)
OID = {'krb5': '1.2.840.113554.1.2.2', 'spnego': '1.3.6.1.5.5.2', 'ntlm': '1.3.6.1.4.1.311.2.2.10'}[q['mech']]
BOUNDARY = b'--Encrypted Boundary'
PROTOCOL = 'application/HTTP-%s-session-encrypted' % ('Kerberos' if q['scheme'] == 'Kerberos' else 'SPNEGO')


def connect():
    if not q.get('tls'):
        return http.client.HTTPConnection(q['host'], q['port']), None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    c = http.client.HTTPSConnection(q['host'], q['port'], context=context)
    c.connect()
    der = c.sock.getpeercert(True)
    if q.get('binding', 'none') == 'none':
        return c, None
    if q['binding'] == 'wrong':
        der += b'x'
    return c, ChannelBindings(application_data=b'tls-server-end-point:' + hashlib.sha256(der).digest())


def prove():
    c, binding = connect()
    F = gssapi.RequirementFlag
    ctx = gssapi.SecurityContext(
        name=gssapi.Name(q.get('service', 'HTTP') + '@' + q['host'], gssapi.NameType.hostbased_service), mech=gssapi.OID.from_int_seq(OID), usage='initiate',
        flags=[F.mutual_authentication, F.confidentiality, F.integrity, F.replay_detection, F.out_of_sequence_detection], channel_bindings=binding)
    token, status = None, 0
    while True:
        out = ctx.step(token)
        if not out:
            return c, ctx, status
        c.request('POST', q.get('path', '/wsman'), b'', {'Authorization': q['scheme'] + ' ' + base64.b64encode(out).decode()})
        r = c.getresponse()
        r.read()
        status = r.status
        theirs = [v for k, v in r.getheaders() if k.lower() == 'www-authenticate' and v.startswith(q['scheme'] + ' ')]
        if not theirs or (status != 200 and ctx.complete):
            return c, ctx, status
        token = base64.b64decode(theirs[0].split(' ')[1])


def is_ntlm(ctx):
    return '311.2.2.10' in ctx.mech.dotted_form


def seal(ctx, message):
    if is_ntlm(ctx):
        w = ctx.wrap(message, True).message
        h, d = w[:16], w[16:]
    else:
        v = IOV(T.header, message, T.padding, std_layout=False)
        wrap_iov(ctx, v, confidential=True)
        h, d = v[0].value, v[1].value + (v[2].value or b'')
    head = (BOUNDARY + b'\r\n\tContent-Type: ' + PROTOCOL.encode() + b'\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n' % len(d)
            + BOUNDARY + b'\r\n\tContent-Type: application/octet-stream\r\n')
    return head, struct.pack('<I', len(h)) + h + d


def post(c, head, part):
    c.request('POST', q.get('path', '/wsman'), head + part + BOUNDARY + b'--\r\n', {'Content-Type': 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % PROTOCOL})
    r = c.getresponse()
    return r.status, r.read()


def unseal(ctx, b):
    i = b.index(b'octet-stream\r\n') + 14
    n = struct.unpack('<I', b[i:i + 4])[0]
    h, d = b[i + 4:i + 4 + n], b[i + 4 + n:-24]
    if is_ntlm(ctx):
        return ctx.unwrap(h + d).message
    v = IOV((T.header, False, h), (T.data, False, d), T.data, std_layout=False)
    unwrap_iov(ctx, v)
    return v[1].value


body = q['body'].encode()
if 'flip' in q:
    statuses = {}
    for at in q['flip']:
        c, ctx, status = prove()
        assert status == 200, status
        head, part = seal(ctx, body)
        if at < len(part):
            changed = bytearray(part)
            changed[at] ^= 1
            statuses[at] = post(c, head, bytes(changed))[0]
        c.close()
    print(json.dumps(statuses))
else:
    c, ctx, status = prove()
    answers, last, mech = 0, '', ''
    if status == 200 and ctx.complete:
        mech = ctx.mech.dotted_form
        for _ in range(q.get('count', 1)):
            status, sealed = post(c, *seal(ctx, body))
            last = unseal(ctx, sealed).decode()
            answers += 1
    print(json.dumps({'status': status, 'answers': answers, 'last': last, 'mech': mech}))
