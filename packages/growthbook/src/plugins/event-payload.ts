import type { Attributes, EventProperties } from "../events/callbacks.js";
import { RELEASE } from "../version.js";

/** An event before it is sent. */
export type TrackingEventData = {
  eventName: string;
  properties: EventProperties;
  attributes: Attributes;
  url: string;
};

/** An event in the format of the ingestor. */
export interface EventPayload {
  readonly event_name: string;
  readonly properties_json: Readonly<Record<string, unknown>>;
  readonly user_id: string | null;
  readonly device_id: string | null;
  readonly page_id: string | null;
  readonly session_id: string | null;
  readonly utm_campaign: string | undefined;
  readonly utm_content: string | undefined;
  readonly utm_medium: string | undefined;
  readonly utm_source: string | undefined;
  readonly utm_term: string | undefined;
  readonly page_title: string | undefined;
  readonly sdk_language: string;
  readonly sdk_version: string;
  readonly url: string;
  readonly context_json: Readonly<Record<string, unknown>>;
}

/** Creates the event to send. Attributes with their own member are not repeated in `context_json`. */
export function eventPayload(data: TrackingEventData): EventPayload {
  const { eventName, properties, attributes, url } = data;
  const {
    user_id,
    device_id,
    anonymous_id,
    id,
    page_id,
    session_id,
    utmCampaign,
    utmContent,
    utmMedium,
    utmSource,
    utmTerm,
    pageTitle,
    ...context
  } = attributes;
  return {
    event_name: eventName,
    properties_json: properties || {},
    user_id: stringOrNull(user_id),
    device_id: stringOrNull(device_id || anonymous_id || id),
    page_id: stringOrNull(page_id),
    session_id: stringOrNull(session_id),
    utm_campaign: stringOrNull(utmCampaign) || undefined,
    utm_content: stringOrNull(utmContent) || undefined,
    utm_medium: stringOrNull(utmMedium) || undefined,
    utm_source: stringOrNull(utmSource) || undefined,
    utm_term: stringOrNull(utmTerm) || undefined,
    page_title: stringOrNull(pageTitle) || undefined,
    sdk_language: "js",
    sdk_version: RELEASE.version,
    url,
    context_json: context,
  };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
