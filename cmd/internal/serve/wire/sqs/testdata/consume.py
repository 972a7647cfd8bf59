"""Reads a queue with boto3 until it is empty, and deletes what it has read. Fails to delete each
tenth message at first. Prints the bodies in the order of their first receipt."""
import json
import sys

import boto3

task = json.loads(sys.argv[1])
sqs = boto3.client("sqs", endpoint_url=task["endpoint"], region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="secret")
url = sqs.get_queue_url(QueueName=task["queue"])["QueueUrl"]
seen, times = [], {}
while True:
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2, VisibilityTimeout=1).get("Messages", [])
    if not got:
        break
    delete = []
    for m in got:
        times[m["Body"]] = times.get(m["Body"], 0) + 1
        if times[m["Body"]] == 1:
            seen.append(m["Body"])
        if times[m["Body"]] > 1 or len(seen) % 10:
            delete.append({"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]})
    if delete:
        failed = sqs.delete_message_batch(QueueUrl=url, Entries=delete).get("Failed")
        assert not failed, failed
again = sum(1 for n in times.values() if n > 1)
left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
errors = []
for call in (
    lambda: sqs.receive_message(QueueUrl=url + "x"),
    lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11),
    lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle="x"),
    lambda: sqs.send_message(QueueUrl=url, MessageBody="x"),
):
    try:
        call()
        errors.append("")
    except Exception as e:
        errors.append(e.response["Error"]["Code"])
print(json.dumps({"seen": seen, "again": again, "left": left["ApproximateNumberOfMessages"], "errors": errors}))
