import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  Attributes,
  ContextAttributes,
  EppoClient,
  IAssignmentDetails,
  IAssignmentEvent,
  IBanditEvent,
} from "../../src/index.js";
import { comparable } from "../events.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";

interface Subject<Extra> {
  readonly subjectKey: string;
  readonly subjectAttributes: Extra extends "bandit" ? ContextAttributes : Attributes;
  readonly actions: readonly (ContextAttributes & { readonly actionKey: string })[];
  readonly assignment: unknown;
  readonly evaluationDetails: Readonly<Record<string, unknown>>;
}

interface CaseFile<Extra = "flag"> {
  readonly flag: string;
  readonly variationType: "STRING" | "INTEGER" | "NUMERIC" | "BOOLEAN" | "JSON";
  readonly defaultValue: never;
  readonly subjects: readonly Subject<Extra>[];
}

const vendors = conformanceFolder("eppo");
const folder = vendors === null ? null : join(vendors, "eppo/ufc");

function read(path: string): string {
  return readFileSync(join(folder ?? "", path), "utf8");
}

function casesOf<Extra>(path: string): readonly (readonly [string, CaseFile<Extra>])[] {
  if (folder === null) return [];
  const names = readdirSync(join(folder, path)).sort();
  return names.map((name) => [name, JSON.parse(read(`${path}/${name}`)) as CaseFile<Extra>]);
}

/** Counts the subjects in all files. Each of them is a case. */
function casesIn(files: readonly (readonly [string, { readonly subjects: readonly unknown[] }])[]) {
  return files.reduce((count, [, { subjects }]) => count + subjects.length, 0);
}

const GETTERS = {
  STRING: "getStringAssignment",
  INTEGER: "getIntegerAssignment",
  NUMERIC: "getNumericAssignment",
  BOOLEAN: "getBooleanAssignment",
  JSON: "getJSONAssignment",
} as const;

/** A client that has fetched from the server and logs everything, and its logged events. */
interface Side {
  readonly client: EppoClient;
  readonly events: (IAssignmentEvent | IBanditEvent)[];
}

async function startSide({ sdk }: NamedSdk, server: TestServer): Promise<Side> {
  const events: Side["events"] = [];
  const client = await sdk.init({
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    banditLogger: { logBanditAction: (event) => void events.push(event) },
  });
  client.stopPolling();
  client.disableAssignmentCache();
  client.disableBanditAssignmentCache();
  return { client, events };
}

/** Returns the results and events of one case from one side. */
function askAll(side: Side, questions: readonly ((client: EppoClient) => unknown)[]): unknown {
  const answers = questions.map((question) => question(side.client));
  return comparable({ answers, events: side.events.splice(0) });
}

describe.skipIf(folder === null).each([
  { flags: "flags-v1.json", models: null, name: "plain flags" },
  { flags: "flags-v1-obfuscated.json", models: null, name: "obfuscated flags" },
  { flags: "bandit-flags-v1.json", models: "bandit-models-v1.json", name: "bandits" },
])("Eppo's cases through this package: $name", ({ flags, models, name }) => {
  let server: TestServer;
  let ours: Side;
  let theirs: Side;
  let passed = 0;

  beforeAll(async () => {
    server = await startTestServer(({ path }) => {
      const file = path.endsWith("/bandits") ? models : flags;
      return { kind: "answer", body: read(file ?? flags) };
    });
    ours = await startSide(OURS, server);
    theirs = await startSide(VENDOR, server);
  });
  afterAll(async () => {
    await server?.close();
    await ours?.client.close();
    process.stderr.write(`eppo drop-in conformance, ${name}: ${passed} cases passed\n`);
  });

  if (models === null) {
    const files = casesOf<"flag">("tests");
    it("include 225 cases", () => expect(casesIn(files)).toBe(225));

    it.each(files)("match in %s", (_, { defaultValue, flag, subjects, variationType }) => {
      const getter = GETTERS[variationType];
      for (const { assignment, evaluationDetails, subjectAttributes, subjectKey } of subjects) {
        const asked = [flag, subjectKey, subjectAttributes, defaultValue] as const;
        expect(ours.client[getter](...asked)).toEqual(assignment);
        const details: IAssignmentDetails<string | number | boolean | object> = ours.client[
          `${getter}Details`
        ](...asked);
        expect(details.variation).toEqual(assignment);
        const { matchedRule, ...others } = evaluationDetails;
        expect(details.evaluationDetails).toMatchObject(others);
        // In an obfuscated body, the rules in the details stay hashed.
        if (name === "plain flags")
          expect(details.evaluationDetails.matchedRule).toEqual(matchedRule);
        ours.events.splice(0);
        const questions = [
          (client: EppoClient) => client[getter](...asked),
          (client: EppoClient) => client[`${getter}Details`](...asked),
        ];
        expect(askAll(ours, questions)).toEqual(askAll(theirs, questions));
        passed += 1;
      }
    });
  } else {
    const files = casesOf<"bandit">("bandit-tests");
    it("include 35 cases", () => expect(casesIn(files)).toBe(35));

    it.each(files)("match in %s", (_, { defaultValue, flag, subjects }) => {
      for (const { actions, assignment, subjectAttributes, subjectKey } of subjects) {
        const byName = Object.fromEntries(
          actions.map(({ actionKey, ...context }) => [actionKey, context]),
        );
        const asked = [flag, subjectKey, subjectAttributes, byName, defaultValue] as const;
        expect(ours.client.getBanditAction(...asked)).toEqual(assignment);
        ours.events.splice(0);
        const questions = [
          (client: EppoClient) => client.getBanditAction(...asked),
          (client: EppoClient) => client.getBanditActionDetails(...asked),
          (client: EppoClient) => client.getBestAction(flag, subjectAttributes, byName, "none"),
        ];
        expect(askAll(ours, questions)).toEqual(askAll(theirs, questions));
        passed += 1;
      }
    });
  }
});
