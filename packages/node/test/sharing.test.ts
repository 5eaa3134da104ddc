import { createFakeClock, startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import { httpOrigin } from "../src/index.js";
import { pollingSource } from "../src/source/polling-source.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { watchRealWork } from "./support/real-work.js";
import { flagsAnswer } from "./support/servers.js";

it("lifecycle §7 fault 38: a shared source sends one request per interval while it has a client, and serves one configuration", async () => {
  let version = 0;
  await using server = await startTestServer(() => {
    version += 1;
    return flagsAnswer(`v${version}`);
  });
  const work = watchRealWork();
  const clock = createFakeClock({ settle: work.settle });
  const origin = work.watchOrigin(httpOrigin({ apiKey: "key", baseUrl: server.url, clock }));
  const source = work.watchSource(pollingSource(origin, { pollJitterMs: 0 }));
  const options = { source, clock, diagnostics: recordDiagnostics(), random: () => 0.5 };
  const first = createClient(options);
  const second = createClient(options);
  const answers = () =>
    [first, second].map((it) => it.getStringAssignment("flag-1", "alice", {}, "default"));

  await clock.advance(16_500);
  expect(server.requests).toHaveLength(2);
  expect(answers()).toEqual(["v2", "v2"]);
  expect(first.getConfiguration()).toBe(second.getConfiguration());
  await clock.advance(300_000);
  expect(server.requests).toHaveLength(12);

  await first.close();
  await clock.advance(30_000);
  expect(server.requests).toHaveLength(13);
  expect(answers()).toEqual(["v12", "v13"]);

  await second.close();
  await clock.advance(3_600_000);
  expect(server.requests).toHaveLength(13);
  expect(clock.pending).toEqual([]);
});

it("sixty clients with one key are reported once, but not clients that share a source or have different keys", async () => {
  await using server = await startTestServer(() => flagsAnswer("a"));
  const clock = createFakeClock();
  const diagnostics = recordDiagnostics();
  const optionsOf = (apiKey: string) => ({ apiKey, baseUrl: server.url, clock, diagnostics });
  const source = pollingSource(httpOrigin({ apiKey: "shared", baseUrl: server.url, clock }));
  const quiet = [
    ...Array.from({ length: 4 }, () => createClient(optionsOf("key"))),
    ...Array.from({ length: 10 }, (_, i) => createClient(optionsOf(`key-${i}`))),
    ...Array.from({ length: 10 }, () => createClient({ source, clock, diagnostics })),
  ];
  expect(diagnostics.messages("warn")).toEqual([]);
  const others = Array.from({ length: 56 }, () => createClient(optionsOf("key")));
  expect(diagnostics.messages("warn")).toEqual([
    "many clients of one key: 5 clients of this process poll the same configuration; create one per process and share it, or pass the same source to all of them",
  ]);
  await Promise.all([...quiet, ...others].map((client) => client.close()));
});
