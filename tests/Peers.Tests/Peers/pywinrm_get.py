"""Reads a resource through pywinrm's own transport: pywinrm_get.py ADDRESS USER PASSWORD RESOURCE-URI"""
import sys
import xml.etree.ElementTree as ET
from winrm.protocol import Protocol

address, user, password, uri = sys.argv[1:]
protocol = Protocol(endpoint=address, transport="basic", username=user, password=password, server_cert_validation="ignore")
request = protocol._get_soap_header(
    action="http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", resource_uri=uri, message_id="9a7b6c5d-0000-0000-0000-000000000001")
import xmltodict
answer = protocol.send_message(xmltodict.unparse({"env:Envelope": {**request, "env:Body": {}}}))
root = ET.fromstring(answer)
relates = next(node.text for node in root.findall(".//*") if node.tag.endswith("RelatesTo"))
assert relates == "uuid:9a7b6c5d-0000-0000-0000-000000000001", relates
for node in root.iter():
    if node.tag.endswith("}CSName"):
        print(node.text)
