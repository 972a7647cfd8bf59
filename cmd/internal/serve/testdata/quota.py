"""Sends with boto3 as an account in the sandbox, a second apart, until it is refused; and again a
second before the first mail is a day old, and then. Prints what was accepted and refused."""
import json
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

task = json.loads(sys.argv[1])
ses = boto3.client("sesv2", endpoint_url=task["endpoint"], region_name="us-east-1", aws_access_key_id="acme", aws_secret_access_key="secret")


def clock(method, path, body):
    request = urllib.request.Request(task["endpoint"] + "/_sesim/clock" + path, json.dumps(body).encode(), {"Sesim-Admin": "1"}, method=method)
    return json.load(urllib.request.urlopen(request))


def send():
    try:
        ses.send_email(
            FromEmailAddress="a@acme.example", Destination={"ToAddresses": ["b@acme.example"]},
            Content={"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "text"}}}})
        return "accepted"
    except ClientError as e:
        return f'{e.response["ResponseMetadata"]["HTTPStatusCode"]} {type(e).__name__}: {e.response["Error"]["Message"]}'


said = []
while len(said) < 300:
    said.append(send())
    if said[-1] != "accepted":
        break
    clock("POST", "/advance", {"by": "1s"})
clock("POST", "/advance", {"by": "23h56m39s"})
said.append(send())
clock("POST", "/advance", {"by": "1s"})
said += [send(), send()]
print(json.dumps(said))
