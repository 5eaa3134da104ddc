import { getInstance, type IAssignmentEvent, init } from "@eppo/node-server-sdk";

/** Events of one invocation, which leave before the container is frozen. */
let batch: IAssignmentEvent[] = [];

async function flush(): Promise<number> {
  const events = batch;
  batch = [];
  await fetch(`${process.env["COLLECTOR_URL"] ?? ""}/events`, {
    method: "POST",
    body: JSON.stringify(events.map(({ subject, variation }) => ({ subject, variation }))),
  });
  return events.length;
}

let start: Promise<unknown> | undefined;

export async function handler(event: { readonly userId: string }): Promise<object> {
  start ??= init({
    apiKey: process.env["EPPO_API_KEY"] ?? "example",
    baseUrl: process.env["EPPO_BASE_URL"] ?? "",
    assignmentLogger: {
      logAssignment: (assignment) => void batch.push(assignment),
    },
  });
  await start;
  // A frozen function runs no timers: nothing polls in the background.
  getInstance().stopPolling();
  const client = getInstance();
  const checkout = client.getStringAssignment("test-checkout", event.userId, {}, "standard");
  console.log(`flushed ${await flush()}`);
  return { statusCode: 200, checkout };
}

console.log("cold:", JSON.stringify(await handler({ userId: "user-1" })));
console.log("warm:", JSON.stringify(await handler({ userId: "user-2" })));
