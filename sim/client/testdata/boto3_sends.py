"""Sends mail with the real boto3 in virtual time: its sleep is replaced, its HTTP calls
are answered in this process. Reads what to do as JSON from the first argument and
prints what became of the messages, one JSON line for each run; see real_test.go."""

import heapq
import itertools
import json
import random
import sys
import threading
import types

task = json.loads(sys.argv[1])
if task["random"] is not None:  # before botocore takes it
    random.random = lambda: task["random"]

import botocore
import botocore.awsrequest
import botocore.config
import botocore.endpoint
import botocore.exceptions
import botocore.session

SECOND = 10**9


class Clock:
    """Virtual time for threads, of which one runs at a time."""

    def __init__(self):
        self.now = 0
        self.numbers = itertools.count()
        self.asleep = []

    def sleep(self, nanoseconds):
        wake = threading.Semaphore(0)
        heapq.heappush(self.asleep, (self.now + nanoseconds, next(self.numbers), wake))
        self.turn()
        wake.acquire()

    def turn(self):
        if self.asleep:
            self.now, _, wake = heapq.heappop(self.asleep)
            wake.release()

    def run(self, count, work):
        def thread(wake):
            wake.acquire()
            work()
            self.turn()

        threads = []
        for _ in range(count):
            wake = threading.Semaphore(0)
            heapq.heappush(self.asleep, (0, next(self.numbers), wake))
            threads.append(threading.Thread(target=thread, args=(wake,)))
        for t in threads:
            t.start()
        self.turn()
        for t in threads:
            t.join()


class Service:
    """Answers by a list of decisions, or by a bucket that holds a second of its rate."""

    def __init__(self, clock):
        self.clock = clock
        self.calls = 0
        self.level, self.last = task["rate"] * SECOND, 0

    def accepts(self):
        if task["decisions"] is not None:
            return task["decisions"][self.calls - 1]
        now, rate = self.clock.now, task["rate"]
        self.level = min(self.level + (now - self.last) * rate, rate * SECOND)
        self.last = now
        if self.level < SECOND:
            return False
        self.level -= SECOND
        return True

    def answer(self, request, **_):
        self.clock.sleep(task["latency"])
        self.calls += 1
        headers, status, body = {"content-type": "application/json"}, 200, b'{"MessageId":"1"}'
        if not self.accepts():
            headers["x-amzn-errortype"] = "TooManyRequestsException"
            status, body = 429, b'{"message":"Maximum sending rate exceeded."}'
        response = botocore.awsrequest.AWSResponse(request.url, status, headers, None)
        response._content = body
        return response


def run():
    clock = Clock()
    service = Service(clock)
    waits, accepted = [], []

    def sleep(seconds):
        waits.append(round(seconds * SECOND))
        clock.sleep(round(seconds * SECOND))

    botocore.endpoint.time = types.SimpleNamespace(sleep=sleep)
    session = botocore.session.get_session()
    session.set_credentials("a", "b")
    client = session.create_client(
        "sesv2", region_name="us-east-1", config=botocore.config.Config(retries={"mode": task["mode"]})
    )
    client.meta.events.register("before-send.sesv2.SendEmail", service.answer)
    numbers = iter(range(task["messages"]))

    def work():
        for n in numbers:
            try:
                client.send_email(
                    FromEmailAddress="a@a.example",
                    Destination={"ToAddresses": ["b@b.example"]},
                    Content={"Raw": {"Data": b"x"}},
                )
                accepted.append(n)
            except botocore.exceptions.ClientError:
                pass

    clock.run(task["threads"], work)
    return {"calls": service.calls, "accepted": sorted(accepted), "waits": waits, "took": clock.now, "version": botocore.__version__}


for _ in range(task["runs"]):
    print(json.dumps(run()))
