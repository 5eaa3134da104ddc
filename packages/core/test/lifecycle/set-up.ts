import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import type { Client } from "../../src/client/client.js";
import type { ClientEvents } from "../../src/client/lifecycle/listeners.js";
import type { ClientOptions } from "../../src/client/options.js";
import type { Failure, FailureClass } from "../../src/configuration/origin.js";
import type {
  ConfigurationSource,
  OfferResult,
  RefreshOutcome,
  SourceContext,
  SourceSink,
  Subscription,
} from "../../src/configuration/source.js";
import { eppo } from "../../src/eppo/factory.js";
import { HttpStatusError } from "../../src/errors/errors.js";
import { encodeUtf8 } from "../../src/hash/utf8.js";
import type { Payload, PayloadOrigin, PayloadSet } from "../../src/model/configuration.js";
import type { Dialect } from "../../src/model/dialect.js";
import type { Facts } from "../../src/runtime/diagnostics.js";
import { Configuration, createClient } from "../eppo-client.js";

export const INTERVAL_MS = 30_000;
export const STALE_MS = 95_000;
const dialect: Dialect = eppo();

export function bodyOf(...keys: string[]): string {
  const flag = { enabled: true, variationType: "STRING", variations: {}, allocations: [] };
  return JSON.stringify({ flags: Object.fromEntries(keys.map((key) => [key, { key, ...flag }])) });
}

export function payloadsOf(body: string, from: PayloadOrigin = "network"): PayloadSet {
  const payload: Payload = {
    part: "flags",
    bytes: encodeUtf8(body),
    etag: '"e"',
    fetchedAtMs: 0,
    from,
  };
  return [payload];
}

export function configurationOf(...keys: string[]): Configuration {
  return Configuration.from({ dialect, payloads: { flags: bodyOf(...keys) } });
}

export function failureOf(kind: FailureClass, retryAfterMs: number | null = null): Failure {
  const status = { transient: 500, unauthorized: 401, rejected: 404 }[kind];
  return { kind, error: new HttpStatusError(status, retryAfterMs), retryAfterMs };
}

/** A source that the test controls. */
export class ScriptedSource implements ConfigurationSource {
  readonly kind: string = "polling";
  readonly intervalMs: number | null;
  readonly requestTimeoutMs: number | undefined;
  readonly dialect: Dialect;
  readonly calls: string[] = [];
  sink!: SourceSink;
  context!: SourceContext;
  refreshing: (signal: { readonly aborted: boolean }) => Promise<RefreshOutcome> = async () => ({
    outcome: "unchanged",
  });
  ending: () => Promise<void> = async () => {};

  constructor(
    intervalMs: number | null = INTERVAL_MS,
    requestTimeoutMs?: number,
    itsDialect: Dialect = dialect,
  ) {
    this.dialect = itsDialect;
    this.intervalMs = intervalMs;
    this.requestTimeoutMs = requestTimeoutMs;
  }

  subscribe(sink: SourceSink, context: SourceContext): Subscription {
    this.calls.push("subscribe");
    if (this.intervalMs === null) sink.idle();
    this.sink = sink;
    this.context = context;
    return {
      end: () => {
        this.calls.push("end");
        return this.ending();
      },
    };
  }

  refresh({ signal }: { readonly signal: { readonly aborted: boolean } }): Promise<RefreshOutcome> {
    return this.refreshing(signal);
  }

  offer(...keys: string[]): Promise<OfferResult> {
    return this.sink.offer(payloadsOf(bodyOf(...keys)));
  }

  offerFromDisk(body: string): Promise<OfferResult> {
    return this.sink.offer(payloadsOf(body, "disk"));
  }
}

const EVENTS: readonly (keyof ClientEvents)[] = [
  "ready",
  "configuration-changed",
  "stale",
  "fresh",
  "error",
  "closed",
];

function record(client: Client<object>): string[] {
  const events: string[] = [];
  for (const name of EVENTS) client.on(name, () => events.push(name));
  return events;
}

/** A client, its source, and its reports. */
export interface SetUp {
  readonly client: Client<object>;
  readonly clock: FakeClock;
  readonly source: ScriptedSource;
  readonly reports: {
    readonly level: string;
    readonly message: string;
    readonly facts: Facts | undefined;
  }[];
  /** Names of the events, in their order. */
  readonly events: string[];
}

export function setUp(
  options: ClientOptions<object> & { readonly intervalMs?: number | null } = {},
): SetUp {
  const { intervalMs, ...clientOptions } = options;
  const clock = createFakeClock();
  const source = new ScriptedSource(intervalMs, undefined, clientOptions.dialect);
  const reports: { level: string; message: string; facts: Facts | undefined }[] = [];
  const note = (level: string) => (message: string, facts?: Facts) => {
    reports.push({ level, message, facts });
  };
  const client: Client<object> = createClient({
    source,
    clock,
    assignmentLogger: null,
    diagnostics: {
      debug: note("debug"),
      info: note("info"),
      warn: note("warn"),
      error: note("error"),
    },
    ...clientOptions,
  });
  return { client, clock, source, reports, events: record(client) };
}

/** Messages of the reports at this level. */
export function messagesOf({ reports }: SetUp, level: string): string[] {
  return reports.filter((it) => it.level === level).map((it) => it.message);
}
