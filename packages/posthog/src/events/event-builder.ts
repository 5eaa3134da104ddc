import type { Diagnostics } from "@sortition/core";
import { messageOf, type PlainObject } from "@sortition/core/internal";
import { minimalProperties } from "../dialect/called-event.js";
import { traceProperties } from "../exceptions/trace-context.js";
import { VERSION } from "../version.js";
import {
  type CaptureCall,
  copied,
  copiedGroups,
  jsonOf,
  NO_PROPERTIES,
  plainId,
} from "./capture-call.js";
import type { CaptureClientOptions } from "./capture-client-options.js";
import { hooksOf } from "./client-options.js";
import type { CapturedEvent } from "./event.js";
import { isBot } from "./fields/bot-user-agents.js";
import { LIBRARY, LIBRARY_VERSION } from "./fields/library.js";
import { isUuid, uuidv7 } from "./fields/uuid-v7.js";
import { flagProperties } from "./flag-snapshot.js";
import type { BeforeSend, BeforeSendEvent, VendorEventMessage } from "./messages.js";

/** The options `metrics` and `traces`. Only these members are used. */
interface Telemetry {
  readonly serviceName?: unknown;
  readonly resourceAttributes?: { readonly "service.name"?: unknown } | null;
}

/** Quirk: telemetry options set the service name of all events (posthog-node). */
function serviceOf(options: {
  metrics?: Telemetry | null;
  traces?: Telemetry | null;
}): PlainObject | null {
  const { metrics, traces } = options;
  const ofTraces = traces?.resourceAttributes?.["service.name"];
  const name =
    (typeof ofTraces === "string" ? ofTraces : traces?.serviceName) ||
    (metrics?.resourceAttributes?.["service.name"] ?? metrics?.serviceName);
  return name ? copied({ service_name: name }) : null;
}

/** Properties of `$ai_…` events that privacy mode sets to `null`. */
const PRIVATE_AI_PROPERTIES = ["$ai_input", "$ai_output_choices", "$ai_instructions"];

export class EventBuilder {
  readonly #options: CaptureClientOptions;
  readonly #hooks: readonly BeforeSend[];
  /** Properties of every event, which all other properties override. `null` if there are none. */
  readonly #service: PlainObject | null;
  readonly #diagnostics: Diagnostics;
  readonly #common: PlainObject;
  /** The properties that {@link write} adds, as JSON without braces, with and without `$geoip_disable`. */
  readonly #commonText: Readonly<Record<"true" | "false", string>>;
  /** Properties of every event, set by `register`. */
  superProperties: PlainObject = {};
  /** Set by the server. If `true`, `$feature_flag_called` of a flag without an experiment has only a few properties. */
  hasMinimalEvents = false;

  /** @param options - must not change. */
  constructor(options: CaptureClientOptions, diagnostics: Diagnostics) {
    this.#options = options;
    this.#hooks = hooksOf(options);
    this.#service = serviceOf(options as object);
    this.#diagnostics = diagnostics;
    const versions = { $lib_version: LIBRARY_VERSION, sortition_version: VERSION };
    const common = { $lib: LIBRARY, ...versions };
    this.#common = { ...common, ...((options.isServer ?? true) ? { $is_server: true } : {}) };
    const textOf = (properties: PlainObject): string => JSON.stringify(properties).slice(1, -1);
    this.#commonText = {
      true: textOf({ ...this.#common, $geoip_disable: true }),
      false: textOf(this.#common),
    };
  }

  /** Whether there is a `before_send` hook. */
  get hasHooks(): boolean {
    return this.#hooks.length > 0;
  }

  /**
   * Writes the JSON of an ordinary event. The result equals that of {@link prepare} and {@link finish}, but takes a
   * fraction of their time. Returns `null` if the event needs additional properties that not all events have.
   */
  write(call: CaptureCall): string | null {
    const { distinctId, event, properties } = call;
    if (!distinctId || !this.#isPlain(call)) return null;
    // Loops over the added names, because there may be very many properties.
    for (const name of ADDED) if (Object.hasOwn(properties, name)) return null;
    const timestamp = this.#timestamp(call.timestamp, call.calledAtMs);
    if (timestamp === undefined) return null;
    const text = JSON.stringify(properties);
    const own = text.length === 2 ? "" : `${text.slice(1, -1)},`;
    const isGeoipDisabled = Boolean(call.disableGeoip ?? this.#options.disableGeoip ?? true);
    const common = this.#commonText[`${isGeoipDisabled}`];
    return (
      `{"event":${JSON.stringify(event)},"properties":{${own}${common}},` +
      `"timestamp":${JSON.stringify(timestamp)},` +
      `"uuid":"${isUuid(call.uuid) ? call.uuid : uuidv7(call.calledAtMs)}",` +
      `"distinct_id":${JSON.stringify(distinctId)}}`
    );
  }

  /** Returns whether the event only gets the caller's properties and those of every event. */
  #isPlain(call: CaptureCall): boolean {
    return (
      !this.hasHooks &&
      call.flagValues === null &&
      call.groups === undefined &&
      call.members === undefined &&
      call.contextProperties === NO_PROPERTIES &&
      call.sessionId === undefined &&
      !call.event.startsWith("$") &&
      isEmpty(this.superProperties) &&
      this.#service === null
    );
  }

  /**
   * Returns the message of a call after the `before_send` hooks, or `null` if one drops it. Flags are requested later.
   */
  prepare(call: CaptureCall): BeforeSendEvent | null {
    return this.#beforeSend(this.#messageOf(call));
  }

  /** Builds the event of a call from the result of {@link prepare}. */
  finish(call: CaptureCall, sent: BeforeSendEvent): CapturedEvent {
    const groups = sent.groups || call.groups;
    const properties = {
      ...(call.flagValues === null ? {} : flagProperties(call.flagValues, call.activeFlags)),
      ...sent.properties,
      ...(groups !== undefined && Object.keys(groups).length > 0 ? { $groups: groups } : {}),
    };
    const event = this.#eventName(sent.event, properties);
    if (this.#options.privacyMode === true && event.startsWith("$ai_")) hideInputs(properties);
    const isGeoipDisabled = sent.disableGeoip ?? this.#options.disableGeoip ?? true;
    return {
      event,
      ...call.members,
      properties: {
        ...properties,
        ...this.#common,
        ...(isGeoipDisabled ? { $geoip_disable: true } : {}),
      },
      timestamp: this.#timestamp(sent.timestamp, call.calledAtMs),
      uuid: isUuid(sent.uuid) ? sent.uuid : uuidv7(call.calledAtMs),
      distinct_id: sent.distinctId,
    };
  }

  #messageOf(call: CaptureCall): BeforeSendEvent {
    const { disableGeoip, event, flags, groups, hasContext, sendFeatureFlags, sessionId } = call;
    const { timestamp, uuid } = call;
    const service = this.#service;
    const own: Record<string, unknown> = hasContext
      ? { ...this.superProperties, ...call.contextProperties, ...call.properties }
      : { ...call.properties };
    const properties = service === null ? own : { ...service, ...own };
    if (event === "$exception" && !("$trace_id" in properties || "$span_id" in properties)) {
      Object.assign(properties, traceProperties());
    }
    let { distinctId } = call;
    if (!distinctId) {
      distinctId = uuidv7(call.calledAtMs);
      properties["$process_person_profile"] = false;
    }
    if (hasContext && sessionId && !properties["$session_id"])
      properties["$session_id"] = sessionId;
    const isMinimal =
      event === "$feature_flag_called" &&
      this.hasMinimalEvents &&
      properties["$feature_flag_has_experiment"] === false;
    const kept = isMinimal ? minimalProperties(properties) : properties;
    const given = { groups, flags, sendFeatureFlags, timestamp, disableGeoip, uuid };
    return { distinctId, event, properties: kept, ...given };
  }

  /** A hook that throws drops the event, because it may have been meant to remove private data. */
  #beforeSend(message: BeforeSendEvent): BeforeSendEvent | null {
    if (!this.hasHooks) return message;
    let current = message;
    for (const hook of this.#hooks) {
      try {
        // In the vendor's type, the time is a `Date`, and members are optional although they are always set.
        const next = hook(current as VendorEventMessage);
        if (!next) return null;
        current = next as BeforeSendEvent;
      } catch (cause) {
        this.#diagnostics.error("before_send failed, the event is dropped", {
          event: message.event,
          reason: messageOf(cause),
        });
        return null;
      }
    }
    // The objects are copied, because the hook may change them later.
    const { distinctId, event, groups, properties } = current;
    // The vendor would send the event, and the server would reject the batch.
    if (typeof event !== "string")
      throw new TypeError("before_send returned no event: is it async?");
    return {
      ...current,
      distinctId: plainId(distinctId),
      groups: copiedGroups(groups || undefined),
      properties: copied(properties),
    };
  }

  #eventName(event: string, properties: Record<string, unknown>): string {
    const userAgent = properties["$raw_user_agent"];
    const isMarked =
      this.#options.__preview_capture_bot_pageviews === true &&
      event === "$pageview" &&
      typeof userAgent === "string" &&
      userAgent !== "" &&
      isBot(userAgent, this.#options.custom_blocked_useragents ?? []);
    if (!isMarked) return event;
    properties["$browser_type"] = "bot";
    return "$bot_pageview";
  }

  /**
   * Returns ISO 8601 in UTC, including digits beyond milliseconds. A value that is not a date is sent unchanged if it
   * can be serialized.
   */
  #timestamp(given: unknown, calledAtMs: number): unknown {
    if (!given) return isoOf(calledAtMs);
    const text = typeof given === "string" ? given : "";
    const date = text ? new Date(text) : given;
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) return jsonOf(given);
    const fraction = /\.(\d{4,})(?:Z|[+-]\d{2}:?\d{2})?$/i.exec(text)?.[1];
    const iso = date.toISOString();
    return fraction === undefined ? iso : iso.replace(/\.\d{3}Z$/, `.${fraction}Z`);
  }
}

/** Properties that the client adds according to its options. They replace the caller's. */
const ADDED = [
  "$lib",
  "$lib_version",
  "sortition_version",
  "$is_server",
  "$geoip_disable",
] as const;

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

let lastMs = Number.NaN;
let lastIso = "";

/** Returns the time in ISO 8601. Caches the last result, because many events are captured within one millisecond. */
function isoOf(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastIso = new Date(nowMs).toISOString();
    lastMs = nowMs;
  }
  return lastIso;
}

function hideInputs(properties: Record<string, unknown>): void {
  for (const name of PRIVATE_AI_PROPERTIES) {
    if (Object.hasOwn(properties, name)) properties[name] = null;
  }
}
