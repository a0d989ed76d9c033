"""Identifies a service with Digest by MD5 through requests, which takes the last challenge of several: digest_md5.py ADDRESS USER PASSWORD."""
import sys
import requests
from requests.auth import HTTPDigestAuth

address, user, password = sys.argv[1:]
message = "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:i='http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd'><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
session = requests.Session()
session.auth = HTTPDigestAuth(user, password)
for count in range(3):
    answer = session.post(address, data=message, headers={"Content-Type": "application/soap+xml;charset=UTF-8"})
    assert answer.status_code == 200, answer.status_code
    assert "ProductVendor" in answer.text
    assert 'algorithm="MD5"' in answer.request.headers["Authorization"] or "algorithm=MD5" in answer.request.headers["Authorization"], answer.request.headers
