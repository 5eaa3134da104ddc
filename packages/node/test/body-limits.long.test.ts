import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type Reply, startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const MIB = 1_024 * 1_024;
/**
 * The limit of 64 MiB, plus garbage of up to 11 MiB in Node.js 20 and 22 MiB in Node.js 24. A copy
 * or the whole body would exceed this.
 */
const AT_THE_BOUND = 96 * MIB;
const cwd = fileURLToPath(new URL("..", import.meta.url));

/** Makes one attempt in a separate process while measuring its memory. */
const SCRIPT = `
  import { createClient } from "@sortition/node";
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const client = createClient({
    apiKey: "key",
    baseUrl: process.env.BASE_URL,
    // This test is not about time, and a body of this size takes much longer on a busy machine.
    requestTimeoutMs: 120_000,
    initializationTimeoutMs: 120_000,
  });
  let failedAtMs = 0;
  client.on("error", () => { failedAtMs = performance.now(); });
  const before = used();
  let peak = before;
  const timer = setInterval(() => { peak = Math.max(peak, used()); }, 1);
  const ready = await client.waitForInitialization();
  clearInterval(timer);
  const { code } = client.status.lastError;
  // Adds the time that has passed, because this line may run late.
  const nextAttemptInMs = client.status.nextAttemptInMs + performance.now() - failedAtMs;
  console.error("\\nresult " + JSON.stringify({ reason: ready.reason, code, nextAttemptInMs, grown: Math.max(peak, used()) - before }));
  await client.close();
`;

describe("lifecycle §7 fault 7: a body that is too large", () => {
  it.each([
    {
      what: "65 MiB, as announced",
      reply: () => ({ kind: "answer", body: Buffer.alloc(65 * MIB, " ") }),
      maxGrown: 16 * MIB, // refused before the body is read
    },
    {
      what: "65 MiB in chunks",
      reply: () => ({
        kind: "answer",
        body: Buffer.alloc(65 * MIB, " "),
        headers: { "transfer-encoding": "chunked" },
      }),
      maxGrown: AT_THE_BOUND,
    },
    {
      what: "gzip that unpacks to 100 MiB",
      reply: () => {
        const body = gzipSync(Buffer.alloc(100 * MIB, " "));
        expect(body.length).toBeLessThan(MIB);
        return { kind: "answer", body, headers: { "content-encoding": "gzip" } };
      },
      maxGrown: AT_THE_BOUND,
    },
  ] as const satisfies readonly { what: string; reply: () => Reply; maxGrown: number }[])(
    "is refused without filling memory, and retried within the interval: $what",
    async ({ reply, maxGrown }) => {
      await using server = await startTestServer(reply());
      const { stdout, stderr, exitCode } = await startChild({
        cwd,
        script: SCRIPT,
        env: { BASE_URL: server.url },
      }).ended;
      expect([exitCode, stdout]).toEqual([0, ""]);
      const result = JSON.parse(/^result (.*)$/m.exec(stderr)?.[1] ?? "{}");
      expect(result).toMatchObject({ reason: "rejected", code: "SORTITION_BODY_TOO_LARGE" });
      expect(result.grown).toBeLessThan(maxGrown);
      expect(result.nextAttemptInMs).toBeGreaterThanOrEqual(6_000);
      expect(result.nextAttemptInMs).toBeLessThanOrEqual(30_000);
    },
  );
});
