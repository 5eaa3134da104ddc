import { once } from "node:events";
import { startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { PostHog } from "../../src/index.js";

it("a hundred calls at once are no leak to Node", async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown): void => void warnings.push(warning);
  process.on("warning", note);
  await using server = await startTestServer({ kind: "answer", body: '{"flags":{}}' });
  const client = new PostHog("phc_key", { host: server.url });
  const people = Array.from({ length: 100 }, (_, i) => `user-${i}`);
  await Promise.all(people.map((id) => client.getFeatureFlag("flag", id)));
  await Promise.all(
    people.map((distinctId) => client.captureImmediate({ distinctId, event: "opened" })),
  );
  await client.shutdown();
  process.emitWarning("the last one");
  await once(process, "warning");
  process.off("warning", note);
  expect(warnings.map(String)).toEqual(["Warning: the last one"]);
});
