import { startCollector } from "@sortition/test-kit";
import { expect, it } from "vitest";

it("a collector refuses and counts requests that post nothing", async () => {
  const collector = await startCollector();
  expect((await fetch(`${collector.url}/api/flags`)).status).toBe(404);
  const posted = { method: "POST", body: '{"batch":[]}' };
  expect((await fetch(`${collector.url}/v1/batch`, posted)).status).toBe(200);
  expect(collector.requests.map(({ path }) => path)).toEqual(["/v1/batch"]);
  expect(collector.foreign).toBe(1);
  await collector.close();
});
