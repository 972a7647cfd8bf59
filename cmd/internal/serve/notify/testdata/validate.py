"""Validates messages of Amazon SNS, by what AWS's page says, with the package cryptography and
urllib as it is. Prints for each message of the argument whether it is valid, and why not."""
import base64
import json
import re
import sys
import urllib.parse
import urllib.request

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

FIELDS = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}
certificates = {}


def validate(m):
    url = urllib.parse.urlparse(m["SigningCertURL"])
    if url.scheme != "https" or not re.fullmatch(r"sns\.[a-z0-9-]+\.amazonaws\.com", url.netloc):
        return "not a host of SNS"
    if m["SigningCertURL"] not in certificates:
        with urllib.request.urlopen(m["SigningCertURL"]) as answer:
            certificates[m["SigningCertURL"]] = x509.load_pem_x509_certificate(answer.read())
    text = "".join(f"{key}\n{m[key]}\n" for key in FIELDS[m["Type"]] if key in m)
    digest = {"1": hashes.SHA1(), "2": hashes.SHA256()}[m["SignatureVersion"]]
    try:
        certificates[m["SigningCertURL"]].public_key().verify(
            base64.b64decode(m["Signature"]), text.encode(), padding.PKCS1v15(), digest)
    except InvalidSignature:
        return "invalid signature"
    return "valid"


print(json.dumps([validate(m) for m in json.loads(sys.argv[1])["messages"]]))
