"""Events through rudder-sdk-python, as its documentation says: `rudder_python.py HOST KEY COUNT`."""

import sys
import time

from rudderstack.analytics.client import Client

host, key, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
failed: list[object] = []
client = Client(key, host=host, on_error=lambda error, _items: failed.append(error), max_queue_size=count)
for number in range(count):
    client.track(f"user-{number % 97}", "opened", {"number": number}, context={"groupId": "acc-1"})
    if number % 100 == 0:
        time.sleep(0.03)
client.flush()
client.join()
sys.exit(f"{failed[0]}" if failed else 0)
