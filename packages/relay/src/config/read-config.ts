import { integerOptions, MAX_DELAY_MS, OptionError } from "@sortition/core/internal";
import type { AdminConfig, EnvironmentConfig, RelayConfig } from "./config.js";
import { type ListenAddress, listenAddress } from "./listen.js";
import { readEnvironment } from "./read-environment.js";
import {
  listOf,
  optional,
  type Reader,
  type Readers,
  readMembers,
  readObject,
  readString,
  rejectEqualNames,
} from "./reader.js";
import { readSecret, type Variables } from "./secret.js";

const LOOPBACK = "127.0.0.1";
const DEFAULT_PORT = 8080;
const DEFAULT_ADMIN_PORT = 9090;
const MIN_TICKET_KEY_BYTES = 32;

/** Values from the command line and the image. */
export interface ConfigDefaults {
  readonly variables: Variables;
  /** `--listen`; it wins over the file. */
  readonly listen?: string | undefined;
  /** Of a port without a host. Default: loopback, because there is no TLS. */
  readonly host?: string | undefined;
}

/** All members of `admin`. The guide has a table of them. */
export const ADMIN: Readers<AdminConfig> = {
  listen: (path, value = DEFAULT_ADMIN_PORT) => listenAddress(path, value, LOOPBACK),
  password: optional(readSecret, null),
  hosts: listOf((path, value, variables) => readString(path, value, variables).toLowerCase()),
};

const readAdmin: Reader<AdminConfig> = (path, value = {}, variables) => {
  const admin = readMembers(ADMIN, path, value, variables);
  if (admin.password === null && !isLoopback(admin.listen.host)) {
    throw new OptionError(`${path}.password`, "is needed where admin.listen is not loopback");
  }
  return admin;
};

const readPublicUrl: Reader<string> = (path, value) => {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new OptionError(path, "expected a URL such as https://shop.example/flags");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
};

const readTicketKey: Reader<string> = (path, value, variables) => {
  const key = readSecret(path, value, variables);
  if (Buffer.byteLength(key) >= MIN_TICKET_KEY_BYTES) return key;
  throw new OptionError(path, `expected at least ${MIN_TICKET_KEY_BYTES} bytes`);
};

const readEnvironments: Reader<readonly EnvironmentConfig[]> = (path, value, variables) => {
  if (!Array.isArray(value) || value.length === 0) {
    throw new OptionError(path, "expected a list of at least one environment");
  }
  const environments = listOf(readEnvironment)(path, value, variables);
  rejectEqualNames(path, environments);
  return environments;
};

/** All members of a file; `listen` has {@link ConfigDefaults}. The guide has a table of them. */
export const RELAY: Readers<Omit<RelayConfig, "listen"> & { readonly listen: unknown }> = {
  listen: (_, value) => value,
  admin: readAdmin,
  maxStreams: integerIn(0, 1_000_000, 10_000),
  streamLifeMs: integerIn(1_000, Math.floor(MAX_DELAY_MS / 2), 3_600_000),
  environments: readEnvironments,
  spreadMs: integerIn(0, 60_000, 2_000),
  publicUrl: optional(readPublicUrl, null),
  ticketKey: optional(readTicketKey, null),
};

/**
 * Checks a configuration and reads its secrets. Options of a vendor's dialect and source are checked by the vendor's package.
 *
 * @throws OptionError that names the path of the first member which is unknown or has a bad value.
 */
export function readConfig(content: unknown, defaults: ConfigDefaults): RelayConfig {
  const config = readMembers(RELAY, "", content, defaults.variables);
  const isShared = config.environments.some(({ evaluate, redis }) => evaluate && redis !== null);
  if (config.ticketKey === null && isShared) {
    throw new OptionError("ticketKey", "is needed with redis: replicas take each other's tickets");
  }
  return { ...config, listen: readListen(content, defaults) };
}

/**
 * Reads where a relay listens, and nothing else.
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

function integerIn(min: number, max: number, absent: number): Reader<number> {
  return (path, value) =>
    integerOptions({ [path]: value }, { [path]: [min, max, absent] })[path] ?? absent;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
