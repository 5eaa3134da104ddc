import * as vendor from "posthog-node";
import { describe, expect, it } from "vitest";
import * as ours from "../../src/index.js";

interface Sdk {
  readonly name: string;
  readonly sdk: Pick<
    typeof ours,
    "createEventProcessor" | "PostHogSentryIntegration" | "sentryIntegration"
  >;
}

/** Both have the same names, but the vendor's takes its own client. */
const BOTH: readonly Sdk[] = [
  { name: "the vendor", sdk: vendor as unknown as Sdk["sdk"] },
  { name: "ours", sdk: ours },
];

const STACK = { frames: [{ filename: "a.js", lineno: 1 }] };
const TAGS = { posthog_distinct_id: "user-1", plan: "pro" };
const EVENTS = {
  plain: { event_id: "e1", level: "error", message: "broken", tags: TAGS },
  exception: {
    ...{ event_id: "e2", level: "error", tags: TAGS },
    exception: { values: [{ type: "TypeError", value: "no", stacktrace: STACK }, { type: "E" }] },
  },
  "without frames": {
    ...{ event_id: "e3", level: "error", tags: TAGS },
    exception: { values: [{ type: "E", value: "", stacktrace: {} }] },
  },
  "without a user": { event_id: "e4", level: "error" },
  warning: { event_id: "e5", level: "warning", tags: TAGS },
};

const OPTIONS: Readonly<Record<string, ours.SentryIntegrationOptions | undefined>> = {
  none: undefined,
  all: { severityAllowList: "*" },
  warnings: { severityAllowList: ["warning"] },
  linked: { organization: "shop", projectId: 5 },
  "self-hosted": { organization: "shop", projectId: 5, prefix: "https://sentry.test/" },
  silent: { sendExceptionsToPostHog: false },
};

/** Returns the captured events and the processed event, for each way to create an integration. */
function outcomesOf({ sdk }: Sdk, event: object, options?: ours.SentryIntegrationOptions): unknown {
  return [undefined, "https://eu.test"].flatMap((host) => {
    const captured: unknown[] = [];
    const client = {
      apiKey: "phc_key",
      options: { host },
      capture: (message: unknown) => void captured.push(message),
    };
    const events = [structuredClone(event), structuredClone(event), structuredClone(event)];
    const processed: unknown[] = [sdk.createEventProcessor(client, options)(events[0])];
    // A program may spread the integration or detach its method.
    const { processEvent } = { ...sdk.sentryIntegration(client, options) };
    processed.push(processEvent(events[1]));
    const { organization, prefix, sendExceptionsToPostHog, severityAllowList } = options ?? {};
    const integration = {
      ...new sdk.PostHogSentryIntegration(
        client,
        ...([organization, prefix, severityAllowList, sendExceptionsToPostHog] as const),
      ),
    };
    const hub = { getClient: () => ({ getDsn: () => ({ projectId: options?.projectId }) }) };
    integration.setupOnce(
      (process) => processed.push(process(events[2])),
      () => hub,
    );
    return [integration.name, captured, processed];
  });
}

describe("the integration for Sentry", () => {
  it.each(
    Object.keys(EVENTS).flatMap((event) =>
      Object.keys(OPTIONS).map((options) => ({ event, options })),
    ),
  )("processes events like the vendor's: $event, options: $options", ({ event, options }) => {
    const given = EVENTS[event as keyof typeof EVENTS];
    const [theirs, own] = BOTH.map((sdk) => outcomesOf(sdk, given, OPTIONS[options]));
    expect(own).toEqual(theirs);
  });

  it("has the vendor's tag and name", () => {
    const [theirs, own] = BOTH.map(({ sdk }) => sdk.PostHogSentryIntegration.POSTHOG_ID_TAG);
    expect(own).toBe(theirs);
  });

  it("accepts a client", () => {
    const client = new ours.PostHog("phc_key", { disabled: true });
    expect(ours.sentryIntegration(client).name).toBe("posthog-node");
  });
});
