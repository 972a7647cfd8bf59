"""Mails each address of a file, no faster than the account may."""
import sys
import time

import boto3

ses = boto3.client("sesv2")
pause = 1 / ses.get_account()["SendQuota"]["MaxSendRate"]
for address in open(sys.argv[1]):
    ses.send_email(
        FromEmailAddress="shop@acme.example",
        Destination={"ToAddresses": [address.strip()]},
        Content={"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}},
    )
    time.sleep(pause)
