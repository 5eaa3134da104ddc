import { expectTypeOf, test } from "vitest";
import type {
  BeforeSendCallback,
  CaptureOptions,
  FeatureFlag,
  FeatureFlagEvaluations,
  FeatureFlagResult,
  FlagDefinitionCacheData,
  FlagDefinitionCacheProvider,
  FlagFunctionOptions,
  FlagsAndPayloads,
  PostHog,
  SetOptions,
  Settings,
  SocketOptions,
} from "../../src/index.js";
import * as posthog from "../../src/index.js";

declare const snapshot: FeatureFlagEvaluations;
declare const client: PostHog;

const event = { timestamp: new Date(), uuid: "u", disableGeoip: true };
const evaluation = {
  groups: { company: "acme" },
  personProperties: { plan: "team" },
  groupProperties: { company: { seats: 5 } },
  onlyEvaluateLocally: false,
  disableGeoip: true,
  deviceId: "d",
};
const flags = { flags: snapshot, sendFeatureFlags: { flagKeys: ["a"] } };
const nothing = { timestamp: null, uuid: null, disableGeoip: null };

test("functions that capture return an identifier or nothing", () => {
  const message = { distinctId: "a", properties: { b: 1 }, ...event };
  expectTypeOf(posthog.capture("e", { ...message, groups: { a: 1 }, ...flags })).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(posthog.capture("e", { distinctId: null, ...nothing })).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(posthog.set(message)).toEqualTypeOf<string | undefined>();
  expectTypeOf(posthog.setOnce({ ...message, ...nothing })).toEqualTypeOf<string | undefined>();
  expectTypeOf(posthog.groupIdentify("t", "k", message)).toEqualTypeOf<string | undefined>();
  expectTypeOf(posthog.alias("a", "b", event)).toEqualTypeOf<string | undefined>();
  expectTypeOf(posthog.captureException(5, { ...message, ...flags })).toEqualTypeOf<
    string | undefined
  >();
  // @ts-expect-error the signature of older versions, with the person first
  posthog.capture("anna", "clicked");
});

test("functions that evaluate flags return promises", () => {
  const one = { ...evaluation, sendFeatureFlagEvents: false };
  const several = { ...evaluation, flagKeysToEvaluate: ["a"] };
  expectTypeOf(posthog.featureEnabled("k", "d", one)).resolves.toEqualTypeOf<boolean | undefined>();
  expectTypeOf(posthog.getFeatureFlag("k", "d", one)).resolves.toEqualTypeOf<
    boolean | string | undefined
  >();
  expectTypeOf(posthog.getFeatureFlagResult("k", "d", one)).resolves.toExtend<
    Pick<FeatureFlagResult, "key" | "enabled" | "variant" | "payload"> | undefined
  >();
  expectTypeOf(
    posthog.getFeatureFlagPayload("k", "d", { ...one, matchValue: true }),
  ).resolves.toEqualTypeOf<posthog.JsonType | undefined>();
  expectTypeOf(posthog.getAllFlags("d", several)).resolves.toEqualTypeOf<
    Record<string, boolean | string>
  >();
  expectTypeOf(
    posthog.getAllFlagsAndPayloads("d", several),
  ).resolves.toEqualTypeOf<FlagsAndPayloads>();
  expectTypeOf(
    posthog.evaluateFlags(null, { ...evaluation, flagKeys: ["a"] }),
  ).resolves.toEqualTypeOf<FeatureFlagEvaluations>();
  expectTypeOf(posthog.getRemoteConfigPayload("k")).resolves.toEqualTypeOf<
    posthog.JsonType | undefined
  >();
  expectTypeOf(posthog.featureFlagDefinitions()).toEqualTypeOf<readonly unknown[] | null>();
  expectTypeOf(posthog.loadFeatureFlags()).resolves.toBeVoid();
});

test("contexts keep the types of their functions", () => {
  const options = { fresh: true, captureExceptions: false };
  expectTypeOf(posthog.newContext(() => 5, { ...options, client })).toBeNumber();
  expectTypeOf(posthog.newContext(async () => "a", { client: null })).resolves.toBeString();
  const wrapped = posthog.scoped(options)(async (a: string, b: number) => `${a}${b}`);
  expectTypeOf(wrapped).parameters.toEqualTypeOf<[string, number]>();
  expectTypeOf(wrapped).returns.resolves.toBeString();
  expectTypeOf(posthog.getTags()).toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf(posthog.tag).parameters.toEqualTypeOf<[name: string, value: unknown]>();
  expectTypeOf(posthog.setContextSession).parameters.toEqualTypeOf<[sessionId: string]>();
  expectTypeOf(posthog.setContextDeviceId).parameters.toEqualTypeOf<[deviceId: string]>();
  expectTypeOf(posthog.identifyContext).parameters.toEqualTypeOf<[distinctId: string]>();
  expectTypeOf(posthog.setCaptureExceptionCodeVariablesContext).parameter(0).toBeBoolean();
  expectTypeOf(posthog.setCodeVariablesMaskPatternsContext)
    .parameter(0)
    .toEqualTypeOf<readonly (string | RegExp)[]>();
  expectTypeOf(posthog.setCodeVariablesIgnorePatternsContext)
    .parameter(0)
    .toEqualTypeOf<readonly (string | RegExp)[]>();
});

test("flush, shutdown and socket functions have the expected types", () => {
  expectTypeOf(posthog.flush({ timeoutSeconds: 5 })).resolves.toBeVoid();
  expectTypeOf(posthog.join()).resolves.toBeVoid();
  expectTypeOf(posthog.shutdown()).resolves.toBeVoid();
  expectTypeOf(posthog.disableConnectionReuse).returns.toBeVoid();
  expectTypeOf(posthog.enableKeepAlive).returns.toBeVoid();
  expectTypeOf(posthog.setSocketOptions).parameter(0).toEqualTypeOf<SocketOptions | null>();
});

test("types and classes have the names of the Python SDK", () => {
  expectTypeOf(evaluation).toExtend<FlagFunctionOptions>();
  expectTypeOf<CaptureOptions>().toHaveProperty("sendFeatureFlags");
  expectTypeOf<SetOptions>().toHaveProperty("properties");
  expectTypeOf<FeatureFlag>().toHaveProperty("metadata");
  expectTypeOf<BeforeSendCallback>().toBeFunction();
  expectTypeOf<FlagDefinitionCacheData>().toHaveProperty("flags");
  expectTypeOf<FlagDefinitionCacheProvider>().toHaveProperty("shouldFetchFlagDefinitions");
  expectTypeOf(new posthog.InconclusiveMatchError("a")).toExtend<Error>();
  expectTypeOf(new posthog.RequiresServerEvaluation("a")).toExtend<Error>();
  expectTypeOf<Settings["beforeSend"]>().toEqualTypeOf<BeforeSendCallback | null>();
  expectTypeOf<Settings["defaultClient"]>().toEqualTypeOf<PostHog | null>();
});
