"""segment-analytics-python from PyPI; program.js says how it speaks with the test."""
import json
import sys
import os

from segment.analytics.client import Client

given_up = []


def on_error(error, batch):
    given_up.append((error, batch))


analytics = Client(
    write_key=os.environ["WRITE_KEY"],
    host=os.environ["COLLECTOR_URL"],
    on_error=on_error,
)


EVENTS = int(os.environ["EVENTS"])
refused = {}


def track(number):
    properties = {"number": number, "total": "25.00", "currency": "GBP"}
    queued, _ = analytics.track(user_id=f"c{number // 10}", event="Order Completed", properties=properties)
    if not queued:
        refused[number] = "the queue is full"


def say(line):
    print(json.dumps(line), flush=True)


for number in range(EVENTS // 2):
    track(number)
say({"half": True})
sys.stdin.readline()
for number in range(EVENTS // 2, EVENTS):
    track(number)
analytics.shutdown()
for error, batch in given_up:
    for message in batch:
        refused[message["properties"]["number"]] = str(error)
say(
    {
        "taken": [number for number in range(EVENTS) if number not in refused],
        "refused": [{"number": number, "reason": reason} for number, reason in refused.items()],
    }
)
