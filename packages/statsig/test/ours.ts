import { type Client, Configuration, createClient, type Diagnostics } from "@sortition/core";
import {
  type StatsigDetails,
  type StatsigExtras,
  type StatsigOptions,
  type StatsigUser,
  statsig,
  statsigLegacy,
} from "../src/dialect.js";

/** The vendor's SDKs. */
export type Sdk = "core" | "legacy";

export type StatsigClient = Client<StatsigDetails, StatsigExtras>;

/** The kinds of flags that the vendor's SDKs evaluate. */
export type Kind = "gate" | "config" | "layer";

/** What both SDKs return. */
export interface Result {
  readonly value: unknown;
  readonly ruleID: string;
  readonly groupName: string | null;
  readonly allocatedExperimentName: string | null;
}

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** Creates a client for a payload. */
export function clientOf(sdk: Sdk, payload: unknown, options: StatsigOptions = {}): StatsigClient {
  const dialect = sdk === "core" ? statsig(options) : statsigLegacy(options);
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return createClient<StatsigDetails, StatsigExtras>({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: null,
    diagnostics: SILENT,
  });
}

/** Evaluates a flag for a user of the vendor's SDK. */
export function evaluate(
  client: StatsigClient,
  kind: Kind,
  name: string,
  user: StatsigUser,
): Result & Pick<StatsigDetails, "reason"> {
  const { evaluationDetails, value } = client.evaluate({
    ...{ flagKey: `${kind}:${name}`, subjectKey: "replaced by the user", extras: { user } },
    defaultValue: kind === "gate" ? false : {},
  });
  return { value, ...evaluationDetails };
}
