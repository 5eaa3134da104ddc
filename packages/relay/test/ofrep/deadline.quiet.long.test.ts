import { expect, it } from "vitest";
import { isLinux, startMeasured } from "../measured-relay.js";
import { ask, evaluating } from "./ground.js";

const LIVEZ_MS = 250;

/** Flags that compare the attribute `x` with many values. */
function flagsWith(op: string, length: number, flags: number): readonly object[] {
  const values = Array.from({ length }, (_, i) => `listed-${i}`);
  const selector = ["context", "user", "user_properties", "x"];
  return Array.from({ length: flags }, (_, i) => ({
    key: `flag-${i}`,
    variants: { on: { key: "on", value: "on" } },
    segments: [{ conditions: [[{ selector, op, values }]], variant: "on" }],
  }));
}

it.skipIf(!isLinux).each([
  { op: "set contains any", flags: 50, values: 5_000, status: 200 },
  // Searches each value in each text, as the vendor does. A request would do it a billion times, which no machine does in
  // the time that it has.
  { op: "contains", flags: 1_000, values: 250, status: 503 },
])(
  "requests of 63 kB do not delay others: $op",
  async ({ flags, op, status, values }) => {
    const relay = await startMeasured(evaluating("amplitude", flagsWith(op, values, flags)), {
      ticketKey: { env: "TICKETS" },
    });
    const x: string[] = [];
    while (JSON.stringify(x).length < 62_000) x.push(`given-${x.length}`);
    const context = { targetingKey: "s", x };
    const asked = Array.from({ length: 4 }, () => ask(relay.url, "evaluate/flags", { context }));
    let isOver = false;
    const ended = Promise.all(asked).finally(() => {
      isOver = true;
    });
    let longestMs = 0;
    while (!isOver) {
      const startedAtMs = performance.now();
      expect((await fetch(`${relay.url}/livez`)).status).toBe(200);
      longestMs = Math.max(longestMs, performance.now() - startedAtMs);
    }
    const answers = await ended;
    console.log({ op, longestMs: Math.round(longestMs) });
    expect(answers.map((it) => it.status)).toEqual(answers.map(() => status));
    expect(longestMs).toBeLessThan(LIVEZ_MS);
  },
  120_000,
);
