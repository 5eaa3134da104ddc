import {
  type Attributes,
  type Client,
  Configuration,
  createClient,
  type Diagnostics,
} from "@sortition/core";
import {
  type PosthogDetails,
  type PosthogExtras,
  type PosthogOptions,
  posthog,
} from "../src/dialect.js";

/** A local evaluation, as requested by the class and the command. */
export interface LocalRequest {
  readonly flag: string;
  readonly distinctId: string;
  readonly personProperties?: Readonly<Record<string, unknown>>;
  readonly groups?: Readonly<Record<string, unknown>>;
  readonly groupProperties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The outcome of a local evaluation, in a form that both SDKs can produce. */
export type LocalOutcome =
  | { readonly value: unknown; readonly payload?: unknown; readonly reasonCode?: string }
  | { readonly unresolved: string | null }
  | { readonly throws: string };

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

type PosthogClient = Client<PosthogDetails, PosthogExtras>;

export function clientOf(
  definitions: unknown,
  options: PosthogOptions & { readonly now?: () => number } = {},
): PosthogClient {
  const { now = Date.now, ...dialectOptions } = options;
  const dialect = posthog(dialectOptions);
  const text = typeof definitions === "string" ? definitions : JSON.stringify(definitions);
  const bytes = new TextEncoder().encode(text);
  return createClient<PosthogDetails, PosthogExtras>({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    clock: { now },
    diagnostics: SILENT,
  });
}

export function evaluate(client: PosthogClient, request: LocalRequest): LocalOutcome {
  const { distinctId, flag, groupProperties, groups, personProperties = {} } = request;
  const { errorCode, evaluationDetails: details } = client.evaluate({
    flagKey: flag,
    subjectKey: distinctId,
    subjectAttributes: personProperties as Attributes,
    extras: { groups: groups ?? {}, groupProperties: groupProperties ?? {} },
  });
  if (errorCode !== null) return { throws: errorCode };
  if (details.value === null) return { unresolved: details.unresolvedReason };
  return {
    value: details.value,
    ...(details.payload === null ? {} : { payload: details.payload }),
    ...(details.reasonCode === null ? {} : { reasonCode: details.reasonCode }),
  };
}
