"""segment-analytics-python from PyPI; program.js says how it speaks with the test."""
import json
import os
import sys

from segment.analytics.client import Client

EVENTS = int(os.environ["EVENTS"])
given_up = {}


def on_error(error, batch):
    for message in batch:
        given_up[message["properties"]["number"]] = str(error)


analytics = Client(
    write_key=os.environ["WRITE_KEY"],
    host=os.environ["COLLECTOR_URL"],
    on_error=on_error,
)


def track(number):
    properties = {"number": number, "total": "25.00", "currency": "GBP"}
    queued, _ = analytics.track(user_id=f"c{number // 10}", event="Order Completed", properties=properties)
    if not queued:
        given_up[number] = "the queue is full"


def say(line):
    print(json.dumps(line), flush=True)


for number in range(EVENTS // 2):
    track(number)
say({"half": True})
sys.stdin.readline()
for number in range(EVENTS // 2, EVENTS):
    track(number)
analytics.shutdown()
say(
    {
        "taken": [number for number in range(EVENTS) if number not in given_up],
        "refused": [{"number": number, "reason": reason} for number, reason in given_up.items()],
    }
)
