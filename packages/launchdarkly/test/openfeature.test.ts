import { isDeepStrictEqual } from "node:util";
import { LaunchDarklyProvider } from "@launchdarkly/openfeature-node-server";
import {
  type EvaluationContext,
  OpenFeature,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import { contextOfKinds, KIND_FLAGS } from "@sortition/dialect-kit/openfeature";
import { SortitionProvider } from "@sortition/openfeature";
import { isInPart, seededRandom } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientOf } from "./ours.js";
import { StreamServer } from "./source/server.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** OpenFeature's terms for the vendor's reasons, as docs/guides/openfeature.md names them. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  OFF: ["DISABLED"],
  FALLTHROUGH: ["DEFAULT", "SPLIT"],
  TARGET_MATCH: ["TARGETING_MATCH"],
  RULE_MATCH: ["TARGETING_MATCH"],
  PREREQUISITE_FAILED: ["DISABLED"],
  ERROR: ["ERROR"],
};

type Provider = Pick<
  SortitionProvider,
  | "resolveBooleanEvaluation"
  | "resolveNumberEvaluation"
  | "resolveObjectEvaluation"
  | "resolveStringEvaluation"
>;

/** Calls the getter of each flag. */
const GETTERS: Readonly<
  Record<string, (it: Provider, context: EvaluationContext) => Promise<ResolutionDetails<unknown>>>
> = {
  parts: (it, context) => it.resolveStringEvaluation("parts", "default", context),
  rollout: (it, context) => it.resolveNumberEvaluation("rollout", 0, context),
  target: (it, context) => it.resolveBooleanEvaluation("target", false, context),
  needy: (it, context) => it.resolveObjectEvaluation("needy", {}, context),
  off: (it, context) => it.resolveStringEvaluation("off", "default", context),
  malformed: (it, context) => it.resolveStringEvaluation("malformed", "default", context),
  missing: (it, context) => it.resolveStringEvaluation("missing", "default", context),
  mistyped: (it, context) => it.resolveBooleanEvaluation("parts", false, context),
};

const isObject = (it: unknown): boolean =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const KINDLESS: readonly string[] = ["an org", "kind"];

/** Returns our error code. The vendor's page names those that differ. */
function codeFor(
  flag: string,
  theirs: string | null,
  { kind, ...others }: EvaluationContext,
): string | null {
  if (flag === "missing") return "FLAG_NOT_FOUND";
  if (theirs === "PARSE_ERROR") return "GENERAL";
  if (theirs !== "TARGETING_KEY_MISSING") return theirs;
  const contexts = kind === "multi" ? Object.entries(others) : [[`${kind}`, others] as const];
  const read = contexts.filter(([, it]) => isObject(it)) as [string, EvaluationContext][];
  const bad = read.find(([name, { key, targetingKey = key }]) => {
    return (
      KINDLESS.includes(name) || typeof (targetingKey ?? key) !== "string" || targetingKey === ""
    );
  });
  const isInvalid = read.length === 0 || KINDLESS.includes(`${bad?.[0]}`);
  return isInvalid ? "INVALID_CONTEXT" : theirs;
}

describe("OpenFeature, with the vendor's provider beside ours", () => {
  const server = new StreamServer();
  let vendor: LaunchDarklyProvider;
  let ours: SortitionProvider;

  beforeAll(async () => {
    Object.assign(server.content.flags, KIND_FLAGS);
    const address = await server.start();
    vendor = new LaunchDarklyProvider("sdk-key", {
      ...{ baseUri: address, streamUri: address, eventsUri: address, sendEvents: false },
      ...{ diagnosticOptOut: true, logger: SILENT },
    });
    ours = new SortitionProvider(clientOf({ flags: KIND_FLAGS, segments: {} }) as never);
    await OpenFeature.setProviderAndWait("vendor", vendor);
    await OpenFeature.setProviderAndWait("ours", ours);
  });

  afterAll(async () => {
    await OpenFeature.clearProviders();
    server.close();
  });

  it("has equal values, variants, reasons and errors for 1,000 contexts of all kinds", async () => {
    const random = seededRandom(20_261_127);
    const found: Record<string, number> = {};
    const differences: unknown[] = [];
    for (let i = 0; i < 1_000; i++) {
      const context = contextOfKinds(random) as EvaluationContext;
      for (const [column, [flag, get]] of Object.entries(GETTERS).entries()) {
        if (!isInPart(i, column)) continue;
        const theirs = await get(vendor, context);
        const own = await get(ours, context);
        const { errorCode = null, reason = "", variant = null, value } = theirs;
        found[errorCode ?? reason] = (found[errorCode ?? reason] ?? 0) + 1;
        const isEqual =
          isDeepStrictEqual([own.value, own.variant ?? null], [value, variant]) &&
          REASONS[reason]?.includes(`${own.reason}`) &&
          (own.errorCode ?? null) === codeFor(flag, errorCode, context);
        if (!isEqual) differences.push({ flag, context, theirs, own });
      }
    }
    expect(differences).toEqual([]);
    for (const it of ["FALLTHROUGH", "RULE_MATCH", "TARGET_MATCH", "TARGETING_KEY_MISSING"]) {
      expect(found[it], it).toBeGreaterThan(20);
    }
  });

  it("names what is left out of a context", async () => {
    const lines: string[] = [];
    // Each provider names a value once.
    const other = new SortitionProvider(clientOf({ flags: KIND_FLAGS }) as never);
    await OpenFeature.setProviderAndWait("other", other);
    const logger = { ...SILENT, warn: (line: string) => void lines.push(line) };
    const context = { kind: "multi", user: { key: "ann", name: 5 }, org: "acme" };
    expect(await other.resolveStringEvaluation("parts", "", context, logger)).toMatchObject({
      value: "none",
    });
    expect(lines).toEqual([
      'sortition: a value of the wrong type is left out of the context of launchdarkly: "name"',
      'sortition: a value of the wrong type is left out of the context of launchdarkly: "org"',
    ]);
  });
});
