import {
  type AssignmentLogger,
  type Client,
  Configuration,
  createClient,
  type Diagnostics,
  type Dialect,
} from "@sortition/core/client";
import { askTyped } from "../cells/typed-ask.js";
import {
  type Following,
  type FollowOptions,
  type Logged,
  NOTHING,
  type Opened,
  type Pace,
  type Peer,
} from "./peer.js";

export const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
/** The longest interval: polls happen by `refresh` alone. */
export const NEVER_MS = 86_400_000;

/** A request on a busy machine is not given up: its SDK would wait for the next poll. */
export const PATIENCE_MS = 60_000;
/** The pace of a client that polls when it is told to, alone. */
const UNHURRIED: Pace = { intervalMs: NEVER_MS, requestTimeoutMs: PATIENCE_MS };

type NativeClient = Pick<Client, "getBooleanAssignment" | "getStringAssignment" | "close">;

type NativeFollower = NativeClient & Pick<Client, "refresh">;

export interface NativeOptions {
  readonly assignmentLogger?: AssignmentLogger;
  readonly deduplication?: { readonly assignments: { readonly max: number } };
  readonly diagnostics: Diagnostics;
}

export interface NativeParts<Loaded extends Configuration> {
  /** Compiles with a dialect of its own. */
  load(bytes: Uint8Array): Loaded | Promise<Loaded>;
  create(configuration: Loaded, options: NativeOptions): NativeClient;
  follow(baseUrl: string, options: FollowOptions): Promise<NativeFollower>;
  /** The string of a flag that is on. Absent: such flags are boolean. */
  readonly on?: string;
  /** Whether flags of a shop have types that take turns. */
  readonly isTyped?: boolean;
}

export function nativePeer<Loaded extends Configuration>(parts: NativeParts<Loaded>): Peer {
  return {
    name: "sortition",
    async open(bytes, logged) {
      return openedBy(parts.create(await parts.load(bytes), optionsOf(logged)), parts);
    },
    loader: async () => ({
      async load(bytes) {
        const loaded = await parts.load(bytes);
        return () => openedBy(parts.create(loaded, QUIET), parts);
      },
    }),
    async follow(baseUrl, options): Promise<Following> {
      const client = await parts.follow(baseUrl, options);
      const refresh = () => client.refresh({ timeoutMs: PATIENCE_MS });
      return { ...openedBy(client, parts), refresh };
    },
  };
}

const QUIET: NativeOptions = { diagnostics: SILENT };

function optionsOf(logged: Logged | undefined): NativeOptions {
  if (logged === undefined) return QUIET;
  const { logger = { logAssignment: logged.onEvent }, memory } = logged;
  const isLasting = memory === "non-expiring";
  const deduplication = isLasting ? { deduplication: { assignments: { max: Infinity } } } : {};
  return { ...QUIET, assignmentLogger: logger, ...deduplication };
}

function openedBy(
  client: NativeClient,
  { isTyped = false, on }: Pick<NativeParts<Configuration>, "isTyped" | "on">,
): Opened {
  const boolean: Opened["boolean"] = (flagKey, { attributes, key }) =>
    client.getBooleanAssignment(flagKey, key, attributes, false);
  const string: Opened["string"] = (flagKey, { attributes, key }) =>
    client.getStringAssignment(flagKey, key, attributes, NOTHING);
  return {
    boolean,
    string,
    ...(isTyped ? { typed: typedBy(client) } : {}),
    countOn(flagKeys, { attributes, key }) {
      let count = 0;
      // Each branch is taken in processes of its own: a dialect has one kind of flag that is on or off.
      if (on === undefined) {
        for (const it of flagKeys)
          if (client.getBooleanAssignment(it, key, attributes, false)) count += 1;
      } else {
        for (const it of flagKeys)
          if (client.getStringAssignment(it, key, attributes, NOTHING) === on) count += 1;
      }
      return count;
    },
    close: () => client.close(),
  };
}

/** Asks by the getter for the type of a shop's flag. */
export function typedBy(client: object): NonNullable<Opened["typed"]> {
  return (flagKey, { attributes, key }, index) => askTyped(client, index, flagKey, key, attributes);
}

/**
 * The parts of a client with a dialect whose payload is the part `flags`. It follows a server by `init` of
 * `@sortition/node`.
 */
export function partsOf(
  dialect: (options: FollowOptions) => Dialect,
  apiKey?: string,
): NativeParts<Configuration> {
  return {
    load: (flags) => Configuration.from({ dialect: dialect({}), payloads: { flags } }),
    create: (initialConfiguration, options) =>
      createClient({ dialect: dialect({}), initialConfiguration, ...options }),
    async follow(baseUrl, options) {
      const { init } = await import("@sortition/node");
      const key = apiKey === undefined ? {} : { apiKey };
      return await init({ dialect: dialect(options), ...nodeOptions(baseUrl, options), ...key });
    },
  };
}

interface NodeOptions extends Partial<Record<"pollJitterMs" | "requestTimeoutMs", number>> {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly diagnostics: Diagnostics;
  readonly pollIntervalMs: number;
}

/** Options of `init` of `@sortition/node` for a client that follows a server. */
export function nodeOptions(baseUrl: string, { pace }: FollowOptions): NodeOptions {
  const { intervalMs: pollIntervalMs, requestTimeoutMs } = pace ?? UNHURRIED;
  const spread = pace === undefined ? {} : { pollJitterMs: 0 };
  const common = { apiKey: "bench", baseUrl, diagnostics: SILENT };
  return { ...common, pollIntervalMs, requestTimeoutMs, ...spread };
}
