// Events through @segment/analytics-node, as its documentation says: segment_node.mjs HOST KEY COUNT
import { setTimeout as pause } from "node:timers/promises";
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, count] = process.argv.slice(2);
const client = new Analytics({ writeKey, host, flushAt: 100, flushInterval: 500 });
const failed = [];
client.on("error", (error) => failed.push(error));
for (let number = 0; number < Number(count); number += 1) {
  client.track({
    userId: `user-${number % 97}`,
    event: "opened",
    properties: { number },
    context: { groupId: "acc-1" },
  });
  if (number % 100 === 0) await pause(30);
}
await client.closeAndFlush({ timeout: 120_000 });
if (failed.length > 0) {
  console.error(failed[0]);
  process.exit(1);
}
