import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { init, type LDContext } from "@launchdarkly/node-server-sdk";
import {
  type AssignmentEvent,
  type Attributes,
  Configuration,
  createClient,
} from "@sortition/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchdarkly } from "../src/dialect.js";
import type { LaunchdarklyClient } from "./ours.js";
import { StreamServer } from "./source/server.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const flag = (key: string, fields: object): object => ({
  ...{ key, version: 7, on: true, salt: "s", variations: ["zero", "one", "two"] },
  ...{ trackEvents: true, fallthrough: { variation: 0 }, offVariation: 0 },
  ...fields,
});
const experiment = { kind: "experiment", variations: [{ variation: 2, weight: 100_000 }] };
/** `asked` requires `parent`, which requires an experiment. */
const FLAGS: Record<string, object> = {
  grandparent: flag("grandparent", { trackEvents: false, fallthrough: { rollout: experiment } }),
  parent: flag("parent", {
    prerequisites: [{ key: "grandparent", variation: 2 }],
    targets: [{ variation: 1, values: ["bob"] }],
  }),
  asked: flag("asked", { prerequisites: [{ key: "parent", variation: 1 }] }),
};
const CONTEXTS: readonly (readonly [subject: string, context: LDContext])[] = [
  ["bob", { kind: "user", key: "bob" }],
  ["acme", { kind: "org", key: "acme" }],
  ["bob", { kind: "multi", org: { key: "acme" }, user: { key: "bob" } }],
  ["acme", { kind: "multi", org: { key: "acme" }, device: { key: "d" } }],
  ["bob", { key: "bob" }],
];

/** Ways to evaluate a flag with details. */
const READS: Readonly<Record<string, Read>> = {
  "a call": (client, _, context) => client.evaluate({ flagKey: "asked", extras: { context } }),
  "a getter": (client, subject, context) =>
    client.getStringAssignmentDetails("asked", subject, context as Attributes, "none"),
  "forSubject's getter": (client, subjectKey, context) =>
    client
      .forSubject({ subjectKey, attributes: context as Attributes })
      .getStringAssignmentDetails("asked", "none"),
  "forSubject's getter, of a context in extras": (client, subjectKey, context) =>
    client
      .forSubject({ subjectKey, extras: { context } })
      .getStringAssignmentDetails("asked", "none"),
  "forSubject's getter, when it is shown": (client, subjectKey, context) => {
    const attributes = context as Attributes;
    const shown = client.forSubject({ subjectKey, attributes, exposures: "on-show" });
    shown.getStringAssignmentDetails("asked", "none");
    shown.exposed("asked");
  },
};
type Read = (client: LaunchdarklyClient, subject: string, context: LDContext) => unknown;

/** The fields that both SDKs report, of one evaluation. */
interface Reported {
  readonly flag: unknown;
  readonly variation: unknown;
  readonly variationIndex: unknown;
  readonly inExperiment: unknown;
  readonly reason: unknown;
}

const sorted = (events: readonly Reported[]): readonly Reported[] =>
  [...events].sort((a, b) => String(a.flag).localeCompare(String(b.flag)));

describe("events of a flag and of the flags that it requires, beside the vendor's client", () => {
  const received: Record<string, unknown>[] = [];
  const stream = new StreamServer();
  const collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url === "/bulk") received.push(...JSON.parse(body));
    response.writeHead(202).end();
  });
  let vendor: ReturnType<typeof init>;

  beforeAll(async () => {
    Object.assign(stream.content.flags, FLAGS);
    collector.listen(0, "127.0.0.1");
    await once(collector, "listening");
    const address = await stream.start();
    vendor = init("sdk-key", {
      ...{ baseUri: address, streamUri: address, diagnosticOptOut: true, logger: SILENT },
      eventsUri: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    });
    await vendor.waitForInitialization({ timeout: 60 });
  });

  afterAll(() => {
    vendor.close();
    stream.close();
    collector.close();
  });

  it.each(
    CONTEXTS.flatMap(([subject, context]) =>
      Object.keys(READS).map((read) => [read, subject, context] as const),
    ),
  )(
    "are equal in each field for %s, and of the subject %s, for %o",
    async (read, subject, context) => {
      received.length = 0;
      await vendor.variationDetail("asked", context, "none");
      await vendor.flush();
      const theirs = received
        .filter(({ kind }) => kind === "feature")
        .map(({ key, reason, variation }): Reported => {
          const inExperiment = Object(reason).inExperiment === true;
          return {
            flag: key,
            variation: `${variation}`,
            variationIndex: variation,
            inExperiment,
            reason,
          };
        });

      const events: AssignmentEvent[] = [];
      const dialect = launchdarkly();
      const text = JSON.stringify({ flags: FLAGS, segments: {} });
      const client = createClient({
        dialect,
        initialConfiguration: Configuration.from({
          dialect,
          payloads: { flags: new TextEncoder().encode(text) },
        }),
        assignmentLogger: { logAssignment: (event) => void events.push(event) },
        diagnostics: SILENT,
      });
      READS[read]?.(client, subject, context);
      const ours = events.map((event): Reported => {
        const { evaluationDetails, featureFlag: flag, variation } = event;
        const { reason, variationIndex } = evaluationDetails as Reported;
        const { inExperiment } = event as unknown as Reported; // of this dialect
        return { flag, variation, variationIndex, inExperiment, reason };
      });

      expect(theirs.length).toBeGreaterThan(1);
      expect(sorted(ours)).toEqual(sorted(theirs));
      expect(new Set(events.map((it) => it.subject))).toEqual(new Set([subject]));
    },
  );
});
