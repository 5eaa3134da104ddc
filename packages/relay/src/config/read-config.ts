import { isDeepStrictEqual } from "node:util";
import { integer, MAX_DELAY_MS, OptionError } from "@sortition/core/internal";
import {
  type AdminConfig,
  type EnvironmentConfig,
  LOG_LEVELS,
  READINESS,
  type RelayConfig,
} from "./config.js";
import { type ListenAddress, listenAddress } from "./listen.js";
import { type ReadEnvironment, readEnvironment } from "./read-environment.js";
import {
  listOf,
  namedListOf,
  oneOf,
  optional,
  type Reader,
  type Readers,
  type Rule,
  readBoolean,
  readMembers,
  readObject,
  readString,
} from "./reader.js";
import { Reading } from "./reading.js";
import { readSecret, type Variables } from "./secret.js";

const LOOPBACK = "127.0.0.1";
const DEFAULT_PORT = 8080;
const DEFAULT_ADMIN_PORT = 9090;
const MIN_TICKET_KEY_BYTES = 32;

/** Values from the command line and the image. */
export interface ConfigDefaults {
  readonly variables: Variables;
  /** `--listen`, which takes precedence over the file. */
  readonly listen?: string | undefined;
  /** Host of a port without one. Default: loopback, because there is no TLS. */
  readonly host?: string | undefined;
  /** Called with a message for each secret that cannot be read. Default: such secrets are problems. */
  readonly onUnsetSecret?: ((line: string) => void) | undefined;
  /** Called with each environment whose vendor and source are known. Invalid members have their defaults. */
  readonly onEnvironment?: ((environment: EnvironmentConfig) => void) | undefined;
}

/** All members of `admin`. The reference has a table of them. */
export const ADMIN: Readers<AdminConfig> = {
  listen: (path, value = DEFAULT_ADMIN_PORT) => listenAddress(path, value, LOOPBACK),
  password: optional(readSecret, null),
  hosts: listOf((path, value, reading) => {
    const host = readString(path, value, reading).toLowerCase();
    if (/^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?)$/.test(host)) return host;
    const problem = "expected a host name without a port, a range or *";
    throw new OptionError(path, `${problem}; with a password any host is accepted`);
  }, '"flags.internal"'),
};

const NEEDS_PASSWORD: Rule<AdminConfig> = {
  members: ["listen", "password"],
  check(path, { listen, password }) {
    if (password !== null || isLoopback(listen.host)) return;
    throw new OptionError(
      `${path}.password`,
      'is required if admin.listen is not a loopback address: write "password": { "env": "VARIABLE" }',
    );
  },
};

const readAdmin: Reader<AdminConfig> = (path, value = {}, reading) =>
  readMembers(ADMIN, path, value, reading, { rules: [NEEDS_PASSWORD] });

const readPublicUrl: Reader<string> = (path, value) => {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new OptionError(path, "expected a URL such as https://shop.example/flags");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
};

const readTicketKey: Reader<string> = (path, value, reading) => {
  const key = readSecret(path, value, reading);
  if (Buffer.byteLength(key) >= MIN_TICKET_KEY_BYTES) return key;
  throw new OptionError(path, `expected at least ${MIN_TICKET_KEY_BYTES} bytes`);
};

const ENVIRONMENT_FORM =
  '{ "name": "production", "dialect": "eppo", "source": { "apiKey": { "env": "VARIABLE" } } }';

const readEnvironments: Reader<readonly ReadEnvironment[]> = (path, value, reading) => {
  if (!Array.isArray(value) || value.length === 0) {
    throw new OptionError(
      path,
      `expected a list of at least one environment: write [${ENVIRONMENT_FORM}]`,
    );
  }
  let environments: readonly ReadEnvironment[] = [];
  reading.tryAll(
    () => {
      environments = namedListOf(readEnvironment, ENVIRONMENT_FORM)(path, value, reading);
    },
    () => {
      const defaults = [...value.entries()].filter(([, it]) => it?.default === true);
      const [, second] = defaults;
      if (second === undefined) return;
      throw new OptionError(`${path}[${second[0]}].default`, "another environment is the default");
    },
    () => {
      // Places that cannot be read look the same.
      if ((reading.unsetSecrets ?? []).length === 0) checkNamespaces(environments);
    },
  );
  return environments;
};

/**
 * Environments with different sources must not share a namespace, because they would deliver each other's exposures. Those with
 * the same source may.
 */
function checkNamespaces(environments: readonly ReadEnvironment[]): void {
  for (const [index, { dialect, input, name, path, redis }] of environments.entries()) {
    if (redis?.namespace === undefined) continue;
    const former = environments
      .slice(0, index)
      .filter((it) => it.dialect !== dialect || !isDeepStrictEqual(it.input, input))
      .find((it) => isDeepStrictEqual(it.redis, redis));
    if (former === undefined) continue;
    const own = JSON.stringify(`${redis.namespace}-${name}`);
    throw new OptionError(
      `${path}.redis.namespace`,
      `${JSON.stringify(redis.namespace)} is the namespace of the environment "${former.name}", which has another source: give "${name}" its own, such as ${own}`,
    );
  }
}

/** Members of a file, each read independently of the others. */
interface ConfigMembers extends Omit<RelayConfig, "environments" | "listen"> {
  readonly listen: unknown;
  readonly environments: readonly ReadEnvironment[];
}

/** All members of a file; {@link ConfigDefaults} apply to `listen`. The reference has a table of them. */
export const RELAY: Readers<ConfigMembers> = {
  listen: (_, value) => value,
  admin: readAdmin,
  maxStreams: integer(0, 1_000_000, 10_000),
  streamLifeMs: integer(1_000, Math.floor(MAX_DELAY_MS / 2), 3_600_000),
  environments: readEnvironments,
  drainMs: integer(0, 600_000, 5_000),
  readiness: optional(oneOf(READINESS), "any"),
  spreadMs: integer(0, 60_000, 2_000),
  publicUrl: optional(readPublicUrl, null),
  ticketKey: optional(readTicketKey, null),
  logLevel: optional(oneOf(LOG_LEVELS), "info"),
  accessLog: readBoolean,
  requestsPerSecond: integer(1, 1_000_000, null),
};

/**
 * Checks a configuration and reads its secrets. Vendors' packages check the options of dialects and sources.
 *
 * @throws OptionError with the path of an unknown member or an invalid value; ConfigProblems if there are several problems.
 */
export function readConfig(content: unknown, defaults: ConfigDefaults): RelayConfig {
  const { onEnvironment, onUnsetSecret, variables } = defaults;
  const reading = new Reading(variables, onUnsetSecret !== undefined, onEnvironment);
  const config = reading.finish(() => readAll(content, defaults, reading));
  for (const line of reading.unsetSecrets ?? []) onUnsetSecret?.(line);
  return config;
}

const NEEDS_TICKET_KEY: Rule<ConfigMembers> = {
  members: ["environments", "ticketKey"],
  check(_, { environments, ticketKey }) {
    const isShared = environments.some(({ evaluate, redis }) => evaluate && redis !== null);
    if (ticketKey !== null || !isShared) return;
    const problem = "is required with redis, so that replicas accept each other's tickets";
    const form = `write "ticketKey": { "env": "VARIABLE" }, a secret of at least ${MIN_TICKET_KEY_BYTES} bytes`;
    throw new OptionError("ticketKey", `${problem}: ${form}`);
  },
};

function readAll(content: unknown, defaults: ConfigDefaults, reading: Reading): RelayConfig {
  let listen: ListenAddress | undefined;
  let all: ConfigMembers | undefined;
  readObject("configuration", content);
  reading.tryAll(
    () => {
      listen = readListen(content, defaults);
    },
    () => {
      all = readMembers(RELAY, "", content, reading, { rules: [NEEDS_TICKET_KEY] });
    },
  );
  const { environments, ...members } = all as unknown as ConfigMembers; // without it, `tryAll` throws
  // One environment must not use up the streams of the others.
  const shares = environments.length === 1 ? 1 : 2;
  const share = Math.floor(members.maxStreams / shares);
  return {
    ...members,
    listen: listen as ListenAddress, // without it, `tryAll` throws
    environments: environments.map((it) => ({ ...it, maxStreams: it.maxStreams ?? share })),
  };
}

/**
 * Reads only the address where a relay listens.
 *
 * @throws OptionError
 */
export function readListen(
  content: unknown,
  { host = LOOPBACK, listen }: ConfigDefaults,
): ListenAddress {
  if (listen !== undefined) return listenAddress("--listen", listen, host);
  const { listen: value = DEFAULT_PORT } = readObject("configuration", content);
  return listenAddress("listen", value, host);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
