import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as vendorSdk from "@amplitude/experiment-node-server";
import type { OddCall, OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import type { TestServer } from "@sortition/test-kit";
import { vi } from "vitest";
import * as ourSdk from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { cohortFlag } from "../source/cohort-server.js";
import { AT_ONCE, keepUploads, type Upload } from "./uploads.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "RemoteEvaluationClient">;
type LocalClient = InstanceType<Sdk["LocalEvaluationClient"]>;
type Methods = Readonly<Record<string, (...given: unknown[]) => unknown>>;

const ours = ourSdk as unknown as Sdk; // the surface test compares the types
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const START_MS = 1_800_000_000_000;
/** Longer than the analytics client waits before an upload. */
const UPLOADED_MS = 100;

const flags = (): Record<string, Record<string, unknown>> => ({
  all: flagOf("all"),
  members: cohortFlag("members", "c1") as Record<string, unknown>,
  acme: {
    key: "acme",
    variants: { on: { key: "on", value: "on" } },
    segments: [
      {
        conditions: [
          [
            {
              selector: ["context", "groups", "company", "group_name"],
              op: "is",
              values: ["acme"],
            },
          ],
        ],
        variant: "on",
      },
    ],
  },
});
const cohort = () => ({
  ...{ cohortId: "c1", groupType: "User", groupTypeId: 0, lastComputed: 1 },
  ...{ lastModified: 1, size: 1, memberIds: new Set(["alice"]) },
});
const user = () => ({
  ...{ user_id: "alice", device_id: "phone", country: "dk", library: "mine/1" },
  user_properties: { plan: "pro", tags: ["a", "b"] },
  groups: { company: ["acme"] },
  group_properties: { company: { acme: { tier: "gold" } } },
  cohort_ids: ["c2"],
  group_cohort_ids: { company: { acme: ["c3"] } },
});

type Use = (sdk: Sdk, given: unknown[]) => unknown;

const sides = (use: Use): { readonly theirs: OddSide; readonly ours: OddSide } => {
  const silent = (sdk: Sdk) => async (given: unknown[]) => {
    const spies = (["log", "error", "warn", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    try {
      return await use(sdk, given);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };
  return { theirs: silent(vendorSdk), ours: silent(ours) };
};

/** Uses a client with flags, cohorts and uploads, and then evaluates flags for another user. */
const withLocal = (use: (client: LocalClient, given: unknown[]) => unknown): Use => {
  return async ({ LocalEvaluationClient }, given) => {
    vi.useFakeTimers({ now: START_MS });
    const uploads: Upload[] = [];
    const end = keepUploads(uploads);
    const client = new LocalEvaluationClient("key", {
      ...{ bootstrap: flags() as never, loggerProvider: SILENT },
      assignmentConfig: { apiKey: "assignments", ...AT_ONCE },
      exposureConfig: { apiKey: "exposures", ...AT_ONCE },
    });
    try {
      client.cohortStorage.put(cohort());
      const result = await use(client, given);
      const after = client.evaluateV2({ user_id: "bob" }, undefined, { tracksExposure: true });
      await vi.advanceTimersByTimeAsync(UPLOADED_MS);
      return { result, given, after, uploads };
    } finally {
      client.stop();
      end();
      vi.clearAllTimers();
      vi.useRealTimers();
    }
  };
};

const callOf = (callee: string, valid: () => unknown[], use: Use): OddCall => ({
  callee,
  valid,
  ...sides(use),
});

const ofLocal = (name: string, valid: () => unknown[]): OddCall =>
  callOf(
    `LocalEvaluationClient#${name}`,
    valid,
    withLocal((client, given) => (client as unknown as Methods)[name]?.(...given)),
  );

const PACKAGE = createRequire(import.meta.url).resolve("@amplitude/experiment-node-server");
const source = {
  isVendorFile: (path: string) => path.includes("/@amplitude/"),
  page: fileURLToPath(new URL("../../../../docs/vendors/amplitude.md", import.meta.url)),
  hasEntries: true,
};
const evaluated = () => [user(), ["all", "members", "acme"], { tracksExposure: true }];

/** Tries evaluations of the local client, with their effect on the user and their events. */
export const LOCAL_SUITE: OddOptionsSuite = {
  ...source,
  declarations: PACKAGE.replace(/\.js$/, ".d.ts"),
  calls: [ofLocal("evaluateV2", evaluated), ofLocal("evaluate", evaluated)],
  differences: [],
};

const remoteOf = (server: () => TestServer | undefined, name: string): OddCall =>
  callOf(
    `RemoteEvaluationClient#${name}`,
    () => [user(), { flagKeys: ["all"], tracksExposure: true, tracksAssignment: false }],
    async ({ RemoteEvaluationClient }, given) => {
      const requests: unknown[] = [];
      server()?.respond(({ headers }) => {
        const names = Object.keys(headers).filter((it) => it.startsWith("x-amp-exp"));
        requests.push(names.sort().map((it) => [it, readable(`${headers[it]}`)]));
        return { kind: "answer", status: 200, body: '{"all":{"key":"on","value":"on"}}' };
      });
      const client = new RemoteEvaluationClient("key", {
        ...{ serverUrl: server()?.url as string, loggerProvider: SILENT, fetchRetries: 0 },
      });
      const result = await (client as unknown as Methods)[name]?.(...given);
      return { result, given, requests };
    },
  );

/** Decodes JSON in Base64, without the library's name. */
function readable(header: string): unknown {
  try {
    const text = Buffer.from(header, "base64").toString();
    return JSON.parse(text.replace(/"experiment-node-server\/[^"]*"/, '"the library"'));
  } catch {
    return header;
  }
}

/** Tries evaluations of the remote client, with their requests. */
export const remoteSuite = (server: () => TestServer | undefined): OddOptionsSuite => ({
  ...source,
  declarations: PACKAGE.replace(/\.js$/, ".d.ts"),
  calls: [remoteOf(server, "fetchV2"), remoteOf(server, "fetch")],
  differences: [],
});
