import type { VendorAny } from "@sortition/core/internal";
import { injectedReleaseId } from "../events/exceptions-of-client.js";
import type { VendorEventMessage } from "../events/messages.js";

/** Name of the vendor's integration. */
const NAME = "posthog-node";
const UI_HOST = "https://us.i.posthog.com";
const SENTRY_HOST = "https://sentry.io/organizations/";

/** The members that the integration uses of a client. */
export interface SentryClient {
  readonly apiKey: string;
  /** Options with which the client was created. */
  readonly options: { readonly host?: string | null | undefined };
  /** Captures an event. */
  capture(message: VendorEventMessage): void;
}

/** Severity of an event in Sentry. */
export type SentryLevel = "fatal" | "error" | "warning" | "log" | "info" | "debug";

/** Settings of {@link sentryIntegration}. */
export interface SentryIntegrationOptions {
  /** The organization in Sentry. Together with `projectId`, it adds links to Sentry to exceptions. */
  organization?: string | undefined;
  projectId?: number | undefined;
  /** Address of a self-hosted Sentry. Default: `https://sentry.io/organizations/`. */
  prefix?: string | undefined;
  /** Levels of events to process, or `*` for all. Default: `["error"]`. */
  severityAllowList?: SentryLevel[] | "*" | undefined;
  /** If `true`, exceptions are also captured in PostHog. Default: `true`. */
  sendExceptionsToPostHog?: boolean | undefined;
}

/** An integration for Sentry 8 and later. */
export interface SentryIntegration {
  name: string;
  /** Adds a link to the person, captures the event, and returns it. */
  processEvent(event: VendorAny): VendorAny;
}

/**
 * Creates an event processor for Sentry. An event with the tag `posthog_distinct_id` gets a link to the person and is
 * captured as `$exception`.
 *
 * @deprecated Use `captureException`, or the option `enableExceptionAutocapture`.
 */
export function createEventProcessor(
  client: SentryClient,
  {
    organization,
    prefix,
    projectId,
    sendExceptionsToPostHog = true,
    severityAllowList = ["error"],
  }: SentryIntegrationOptions = {},
): (event: VendorAny) => VendorAny {
  return (event) => {
    if (severityAllowList !== "*" && !severityAllowList.includes(event.level)) return event;
    if (!event.tags) event.tags = {};
    const { tags } = event;
    const distinctId = tags[PostHogSentryIntegration.POSTHOG_ID_TAG];
    if (distinctId === undefined) return event;
    const path = `/project/${client.apiKey}/person/${distinctId}`;
    tags["PostHog Person URL"] = new URL(path, client.options.host ?? UI_HOST).toString();
    if (!sendExceptionsToPostHog) return event;
    const properties = propertiesOf(event);
    if (organization && projectId) {
      properties["$sentry_url"] =
        `${prefix || SENTRY_HOST}${organization}/issues/?project=${projectId}&query=${event.event_id}`;
    }
    client.capture({ event: "$exception", distinctId, properties });
    return event;
  };
}

function propertiesOf(event: VendorAny): Record<string, VendorAny> {
  const exceptions: VendorAny[] = event.exception?.values || [];
  const [first] = exceptions;
  const message = first?.value || event.message;
  const releaseId = injectedReleaseId();
  return {
    $exception_message: message,
    $exception_type: first?.type,
    $exception_level: event.level,
    $exception_list: exceptions.map(({ stacktrace, ...exception }) => ({
      ...exception,
      stacktrace: stacktrace ? rawStackOf(stacktrace) : undefined,
    })),
    $sentry_event_id: event.event_id,
    $sentry_exception: event.exception,
    $sentry_exception_message: message,
    $sentry_exception_type: first?.type,
    $sentry_tags: event.tags,
    ...(releaseId ? { $release_id: releaseId } : {}),
  };
}

function rawStackOf(stacktrace: VendorAny): VendorAny {
  const frames = (stacktrace.frames || []).map((frame: object) => ({
    ...frame,
    platform: "node:javascript",
  }));
  return { ...stacktrace, type: "raw", frames };
}

/**
 * Creates an integration for Sentry 8 and later. Usage: `Sentry.init({ integrations: [sentryIntegration(client)] })`.
 *
 * @deprecated Use `captureException`, or the option `enableExceptionAutocapture`.
 */
export function sentryIntegration(
  client: SentryClient,
  options?: SentryIntegrationOptions,
): SentryIntegration {
  const processEvent = createEventProcessor(client, options);
  return { name: NAME, processEvent: (event) => processEvent(event) };
}

/**
 * An integration for Sentry 7. Usage: `new PostHogSentryIntegration(client)`.
 *
 * @deprecated Use `captureException`, or the option `enableExceptionAutocapture`.
 */
export class PostHogSentryIntegration {
  /** The tag with the distinct id, as in `Sentry.setTag(PostHogSentryIntegration.POSTHOG_ID_TAG, "user-1")`. */
  static readonly POSTHOG_ID_TAG = "posthog_distinct_id";
  readonly name: "posthog-node" = NAME;
  /** Called by Sentry. An own member, so that a program can spread the integration into an object. */
  setupOnce: (
    addGlobalEventProcessor: (callback: VendorAny) => void,
    getCurrentHub: () => VendorAny,
  ) => void;

  constructor(
    client: SentryClient,
    organization?: string,
    prefix?: string,
    severityAllowList?: SentryLevel[] | "*",
    sendExceptionsToPostHog?: boolean,
  ) {
    this.setupOnce = (addGlobalEventProcessor, getCurrentHub) => {
      const projectId = getCurrentHub()?.getClient()?.getDsn()?.projectId;
      const options = {
        organization,
        prefix,
        projectId,
        severityAllowList,
        sendExceptionsToPostHog,
      };
      addGlobalEventProcessor(createEventProcessor(client, options));
    };
  }
}
