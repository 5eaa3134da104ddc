import {
  type Client,
  type ClientOptions,
  Configuration,
  createClient,
  type Diagnostics,
  type Dialect,
} from "@sortition/core";
import { type FollowOptions, type Logged, NOTHING, type Opened, type Peer } from "./peer.js";

export const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
/** The longest interval, so that only `refresh` polls. */
export const NEVER_MS = 86_400_000;
/** Long, because a request that is aborted on a busy machine would delay the SDK until the next poll. */
export const PATIENCE_MS = 60_000;

type NativeClient = Pick<Client, "getBooleanAssignment" | "getStringAssignment" | "close">;

type NativeOptions = Pick<
  ClientOptions,
  "assignmentLogger" | "deduplication" | "diagnostics" | "onEvaluation"
>;

export interface NativeParts {
  /** Compiles with a new dialect. */
  load(bytes: Uint8Array): Configuration | Promise<Configuration>;
  create(configuration: Configuration, options: NativeOptions): NativeClient;
  follow(baseUrl: string, options: FollowOptions): Promise<NativeClient & Pick<Client, "refresh">>;
}

export function nativePeer(parts: NativeParts): Peer {
  return {
    name: "sortition",
    async open(bytes, logged) {
      return openedBy(parts.create(await parts.load(bytes), optionsOf(logged)));
    },
    loader: async () => ({
      async load(bytes) {
        const loaded = await parts.load(bytes);
        return () => openedBy(parts.create(loaded, QUIET));
      },
    }),
    async follow(baseUrl, options) {
      const client = await parts.follow(baseUrl, options);
      const refresh = () => client.refresh({ timeoutMs: PATIENCE_MS });
      return { ...openedBy(client), refresh };
    },
  };
}

/** Creates the peer of our client with an observer that does nothing. */
export function observedPeer({ create, ...parts }: NativeParts): Peer {
  const onEvaluation = (): void => {};
  return {
    ...nativePeer({
      ...parts,
      create: (configuration, options) => create(configuration, { ...options, onEvaluation }),
    }),
    name: "sortition, observed",
  };
}

const QUIET: NativeOptions = { diagnostics: SILENT };

function optionsOf(logged: Logged | undefined): NativeOptions {
  if (logged === undefined) return QUIET;
  const isLasting = logged.memory === "non-expiring";
  const deduplication = isLasting ? { deduplication: { assignments: { max: Infinity } } } : {};
  return { ...QUIET, assignmentLogger: { logAssignment: logged.onEvent }, ...deduplication };
}

function openedBy(client: NativeClient): Opened {
  return { ...gettersOf(client), close: () => client.close() };
}

/** Evaluates with a client that has Eppo's getters, such as ours. */
export function gettersOf(
  client: Pick<Client, "getBooleanAssignment" | "getStringAssignment">,
): Pick<Opened, "boolean" | "string"> {
  return {
    boolean: (flagKey, { attributes, key }) =>
      client.getBooleanAssignment(flagKey, key, attributes, false),
    string: (flagKey, { attributes, key }) =>
      client.getStringAssignment(flagKey, key, attributes, NOTHING),
  };
}

/**
 * Returns the parts of a client with a dialect whose payload is the part `flags`. It follows a server with `init` of
 * `@sortition/node`.
 */
export function partsOf(dialect: () => Dialect, apiKey?: string): NativeParts {
  return {
    load: (flags) => Configuration.from({ dialect: dialect(), payloads: { flags } }),
    create: (initialConfiguration, options) =>
      createClient({ dialect: dialect(), initialConfiguration, ...options }),
    async follow(baseUrl, options) {
      const { init } = await import("@sortition/node");
      const key = apiKey === undefined ? {} : { apiKey };
      return await init({ dialect: dialect(), ...nodeOptions(baseUrl, options), ...key });
    },
  };
}

/** Returns options of `init` of `@sortition/node` for a client that follows a server. */
export function nodeOptions(baseUrl: string, { pace }: FollowOptions) {
  const { intervalMs: pollIntervalMs = NEVER_MS, requestTimeoutMs = PATIENCE_MS } = pace ?? {};
  const spread = pace === undefined ? {} : { pollJitterMs: 0 };
  const common = { apiKey: "bench", baseUrl, diagnostics: SILENT };
  return { ...common, pollIntervalMs, requestTimeoutMs, ...spread };
}
