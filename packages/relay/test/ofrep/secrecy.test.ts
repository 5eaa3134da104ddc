import { PAYLOADS, rowsOf } from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { openStream } from "../open-stream.js";
import { rawExchange, statusOf } from "../raw.js";
import { relayOf, VARIABLES } from "../start.js";
import { ask, askAll, askOne, DIALECT_NAMES, evaluating, fileOf, PAGE } from "./ground.js";

const { ATTRIBUTE, PAGE_TOKEN } = VARIABLES;

/** Reports displayed flags. */
function report(url: string, context: object, flags: readonly object[]): Promise<Response> {
  return fetch(`${url}/exposures`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${PAGE_TOKEN}` },
    body: JSON.stringify({ context, flags }),
  });
}

describe("an excluded flag", () => {
  const HIDDEN = "launch-in-may";
  const features = {
    visible: {
      defaultValue: "no",
      rules: [
        {
          parentConditions: [{ id: HIDDEN, condition: { value: true }, gate: true }],
          force: "yes",
        },
      ],
    },
    cyclic: {
      defaultValue: "no",
      rules: [{ parentConditions: [{ id: "cyclic", condition: { value: true }, gate: true }] }],
    },
    [HIDDEN]: {
      defaultValue: false,
      rules: [{ condition: { plan: "gold" }, force: true }],
    },
  };

  it("is in no response, stream, message or log, but flags that depend on it still use it", async () => {
    const token = { ...PAGE, flags: { exclude: ["launch-*"] } };
    const loggers = [{ type: "ndjson", path: `${fileOf(null)}.events` }];
    const relay = await relayOf({
      environments: [evaluating("growthbook", { features }, { tokens: [token], loggers })],
    });
    const texts: string[] = [];
    for (const plan of ["gold", "none"]) {
      const context = { targetingKey: "alice", plan };
      for (const key of ["visible", "cyclic", "nothing"]) {
        texts.push(await (await askOne(relay.url, key, context)).text());
      }
      const all = await (await askAll(relay.url, context)).text();
      texts.push(all, await (await report(relay.url, context, [{ key: "visible" }])).text());
      const { eventStreams, flags } = JSON.parse(all);
      expect(flags[0].value).toBe(plan === "gold" ? "yes" : undefined);
      const stream = await openStream(`${relay.url}${eventStreams[0].endpoint.requestUri}x`);
      await expect.poll(() => stream.text).toContain("refetchEvaluation");
      texts.push(stream.text);
    }
    expect([...texts, ...relay.log].filter((it) => it.includes(HIDDEN))).toEqual([]);
    const hidden = await askOne(relay.url, HIDDEN, { targetingKey: "alice", plan: "gold" });
    expect([hidden.status, await hidden.json()]).toMatchObject([404, { key: HIDDEN }]);
  });
});

describe.each(DIALECT_NAMES)("attributes of subjects of %s", (name) => {
  // When a relay ends, its log and pages are searched for the attribute.
  it("are in no response, log, metric or status, whatever fails", async () => {
    const loggers = [{ type: "ndjson", path: "/proc/no-such-folder/events" }];
    const relay = await relayOf({ environments: [evaluating(name, PAYLOADS[name], { loggers })] });
    const context = { targetingKey: ATTRIBUTE, plan: ATTRIBUTE, nested: { mail: [ATTRIBUTE] } };
    const flags = rowsOf(name).map(([key = ""]) => key);
    const answers = [
      ...(await Promise.all(flags.map((key) => askOne(relay.url, key, context)))),
      await askAll(relay.url, context),
      await report(
        relay.url,
        context,
        flags.map((key) => ({ key })),
      ),
      await report(relay.url, { ...context, targetingKey: 5 }, []),
      await ask(relay.url, "evaluate/flags", { context: ATTRIBUTE }),
      await ask(relay.url, "evaluate/flags", {
        context: { ...context, targetingKey: [ATTRIBUTE] },
      }),
      await ask(relay.url, "evaluate/flags", `{"context":{"plan":"${ATTRIBUTE}"`),
    ];
    for (const answer of answers) expect(await answer.text()).not.toContain(ATTRIBUTE);
    await expect.poll(() => relay.log.join("")).toContain("logger");
  });
});

const UNKNOWN = [
  "/ofrep/v1/evaluate/flags/%zz",
  "/ofrep/v1/evaluate/flags/%00",
  "/ofrep/v1/evaluate/flags/%ed%a0%80",
  "/ofrep/v1/evaluate/flags/..%2f..%2fstatus",
  "/ofrep/v1/evaluate/flags/../../../livez/x",
  "/ofrep/v1/evaluate/flags/a/b",
  "/ofrep/v1/evaluate/flags/__proto__",
  "/__proto__/ofrep/v1/evaluate/flags",
  "/constructor/exposures",
  "//ofrep/v1/evaluate/flags",
];

it("odd paths are unknown flags or paths", async () => {
  const relay = await relayOf({ environments: [evaluating("growthbook", PAYLOADS.growthbook)] });
  const { port } = relay.address;
  const body = '{"context":{"targetingKey":"alice"}}';
  for (const path of UNKNOWN) {
    const head = [
      `POST ${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      `authorization: Bearer ${PAGE_TOKEN}`,
      "content-type: application/json",
      `content-length: ${body.length}`,
      "connection: close",
    ].join("\r\n");
    const answer = await rawExchange(port, `${head}\r\n\r\n${body}`);
    expect([path, statusOf(answer)]).toEqual([path, 404]);
  }
});
