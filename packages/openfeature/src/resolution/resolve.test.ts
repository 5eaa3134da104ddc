import type { AssignmentDetails } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import type { Answered, ResolutionOptions } from "./resolve.js";
import { resolutionOf, thrownResolution } from "./resolve.js";

const ASSIGNED: AssignmentDetails<unknown> = {
  value: "blue",
  isDefault: false,
  action: null,
  evaluationDetails: {},
  reason: "rule",
  errorCode: null,
  variationKey: "b",
  allocationKey: "a",
  exposure: { logged: false, reason: "deduplicated", messageId: null },
};
const NOTHING = { isDefault: true, variationKey: null, allocationKey: null } as const;

function resolve(
  details: Partial<AssignmentDetails<unknown>>,
  { options = {}, ...answered }: Partial<Answered> & { readonly options?: ResolutionOptions } = {},
) {
  const all = { ...ASSIGNED, ...details };
  const call = {
    flagKey: "f",
    subjectKey: "s",
    details: all,
    dialect: "eppo",
    openFeature: null,
    revision: "r",
    environment: "Production",
    isStale: false,
    ...answered,
  };
  return resolutionOf<unknown>(call, "value", "default", options);
}

describe("resolutionOf", () => {
  it.each([
    { reason: "rule", is: "TARGETING_MATCH" },
    { reason: "split", is: "SPLIT" },
    { reason: "fallthrough", is: "DEFAULT" },
    { reason: "static", is: "STATIC" },
    { reason: "override", is: "STATIC" },
    { reason: "disabled", is: "DISABLED" },
  ] as const)("converts $reason to $is, with the flag's value", ({ is, reason }) => {
    const resolution = resolve({ reason });
    expect(resolution).toMatchObject({ value: "value", variant: "b", reason: is });
    expect(resolution).not.toHaveProperty("errorCode");
  });

  it.each([
    { reason: "disabled", is: "DISABLED" },
    { reason: "no-allocation", is: "DEFAULT" },
  ] as const)("converts $reason to $is, without variant and code", ({ is, reason }) => {
    const resolution = resolve({ reason, ...NOTHING });
    expect(resolution.reason).toBe(is);
    expect(Object.keys(resolution)).not.toContain("variant");
    expect(Object.keys(resolution)).not.toContain("errorCode");
  });

  it.each([
    { details: { reason: "flag-not-found" }, code: "FLAG_NOT_FOUND" },
    { details: { reason: "not-initialized" }, code: "PROVIDER_NOT_READY" },
    { details: { reason: "unresolved" }, code: "GENERAL" },
    { details: { reason: "cycle" }, code: "GENERAL" },
    { details: { reason: "error", errorCode: "SORTITION_TYPE_MISMATCH" }, code: "TYPE_MISMATCH" },
    {
      details: { reason: "error", errorCode: "SORTITION_INVALID_ARGUMENT" },
      code: "INVALID_CONTEXT",
    },
    { details: { reason: "error", errorCode: "SORTITION_EVALUATION" }, code: "GENERAL" },
    { details: { reason: "error", errorCode: "SORTITION_DECODE" }, code: "PARSE_ERROR" },
  ] as const)("converts $details to ERROR with $code", ({ code, details }) => {
    const resolution = resolve({ ...details, ...NOTHING });
    expect(resolution).toMatchObject({ value: "default", reason: "ERROR", errorCode: code });
    expect(resolution.errorMessage).toMatch(/^flag "f": /);
  });

  it("explains why PostHog's rules could not decide", () => {
    const evaluationDetails = { unresolvedReason: "missing_context" };
    const { errorMessage } = resolve({ reason: "unresolved", evaluationDetails, ...NOTHING });
    expect(errorMessage).toBe('flag "f": cannot be evaluated locally: missing_context');
  });

  it("does not derive the reason from the vendor's own record", () => {
    const evaluationDetails = { source: "prerequisite", reasonCode: "flag_disabled" };
    const details = { reason: "no-allocation", evaluationDetails, ...NOTHING } as const;
    expect(resolve(details).reason).toBe("DEFAULT");
  });

  it("keeps the value of a stale configuration, with the reason STALE", () => {
    const stale = resolve({ reason: "split" }, { isStale: true });
    expect(stale).toMatchObject({ value: "value", variant: "b", reason: "STALE" });
    expect(stale.flagMetadata).toMatchObject({ formerReason: "SPLIT", split: true });
    const options = { staleReason: false };
    expect(resolve({}, { isStale: true, options }).reason).toBe("TARGETING_MATCH");
    expect(resolve({ reason: "override" }, { isStale: true }).reason).toBe("STATIC");
    expect(resolve({ reason: "flag-not-found" }, { isStale: true }).reason).toBe("ERROR");
  });

  it("returns flat metadata without null members", () => {
    expect(resolve({}).flagMetadata).toEqual({
      version: "r",
      flagSetId: "Production",
      contextId: "s",
      dialect: "eppo",
      allocation: "a",
      exposure: "deduplicated",
    });
    const nothing = { revision: null, environment: null, subjectKey: null };
    expect(resolve({ allocationKey: null }, nothing).flagMetadata).toEqual({
      dialect: "eppo",
      exposure: "deduplicated",
    });
    const hidden = resolve({}, { options: { omitContextId: true } }).flagMetadata;
    expect(hidden).not.toHaveProperty("contextId");
  });

  it("includes the plain members of the vendor's metadata", () => {
    const metadata = { ruleId: "r1", flagVersion: 3, deployed: true, nested: {}, none: null };
    const openFeature = { ...eppo().openFeature, metadataOf: () => metadata };
    const { flagMetadata } = resolve({}, { openFeature, options: { metadata: "vendor" } });
    expect(flagMetadata).toEqual({ ruleId: "r1", flagVersion: 3, deployed: true });
    const none = resolve({}, { options: { metadata: "none" } });
    expect(none).not.toHaveProperty("flagMetadata");
  });
});

describe("thrownResolution", () => {
  it.each([
    { thrown: { code: "SORTITION_TYPE_MISMATCH" }, code: "TYPE_MISMATCH" },
    { thrown: { code: "SORTITION_DECODE" }, code: "PARSE_ERROR" },
    {
      thrown: { code: "SORTITION_EVALUATION", cause: { code: "SORTITION_DECODE" } },
      code: "PARSE_ERROR",
    },
    { thrown: new Error("alice@example.com"), code: "GENERAL" },
    { thrown: null, code: "GENERAL" },
  ])("converts $thrown to $code", ({ code, thrown }) => {
    const resolution = thrownResolution("default", thrown, "f");
    expect(resolution).toMatchObject({ value: "default", reason: "ERROR", errorCode: code });
    expect(resolution.errorMessage).not.toContain("alice");
  });
});
