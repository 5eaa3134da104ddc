import { isJsonObject } from "@sortition/core/dialect";
import {
  booleanOption,
  integerOptions,
  MAX_DELAY_MS,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/kit";
import {
  type AdminConfig,
  type ConfigurationFiles,
  DIALECT_NAMES,
  type DialectName,
  type EnvironmentConfig,
  type EnvironmentInput,
  type RelayConfig,
  TOKEN_SCOPES,
  type TokenConfig,
  type TokenScope,
} from "./config.js";
import { type ListenAddress, listenAddress } from "./listen.js";
import { readSecret, type Variables, withoutPassword, withSecrets } from "./secret.js";

type Members = Readonly<Record<string, unknown>>;

/** What a file may have, and in it `admin` and an environment. The guide has a table of them. */
export const MEMBERS: Readonly<Record<"relay" | "admin" | "environment", readonly string[]>> = {
  relay: ["listen", "admin", "maxStreams", "streamLifeMs", "environments"],
  admin: ["listen", "password", "hosts"],
  environment: [
    ...["name", "dialect", "options", "source", "file", "tokens", "origins"],
    ...["webhookSecret", "redis", "diskCache", "passThrough"],
  ],
};
const STREAM_RULES = {
  maxStreams: [0, 1_000_000, 10_000],
  streamLifeMs: [1_000, Math.floor(MAX_DELAY_MS / 2), 3_600_000],
} as const;

/** Members of a source or of a dialect's options that are secrets. PostHog's project key is public. */
const SECRET_MEMBERS = ["apiKey", "clientKey", "decryptionKey", "deploymentKey", "secretKey"];

/** First parts of paths that are not environments. Those of later versions are kept free. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...["livez", "readyz", "metrics", "status", "flag-config", "api", "sub", "proxy", "sdk"],
  ...["flags", "batch", "decide", "e", "capture", "i", "ofrep", "exposures"],
]);

const LOOPBACK = "127.0.0.1";
const DEFAULT_PORT = 8080;
const DEFAULT_ADMIN_PORT = 9090;

/** What the command line and the image may say instead of the file. */
export interface ConfigDefaults {
  readonly variables: Variables;
  /** `--listen`; it wins over the file. */
  readonly listen?: string | undefined;
  /** Of a port without a host. Default: loopback, because there is no TLS. */
  readonly host?: string | undefined;
}

/**
 * Checks a configuration and reads its secrets. Options of a vendor's dialect and source are checked by the vendor's package.
 *
 * @throws OptionError that names the path of the first member which is unknown or has a bad value.
 */
export function readConfig(content: unknown, defaults: ConfigDefaults): RelayConfig {
  const { variables } = defaults;
  const members = objectOf("configuration", content);
  rejectUnknownOptions(members, MEMBERS.relay);
  const { environments } = members;
  if (!Array.isArray(environments) || environments.length === 0) {
    throw new OptionError("environments", "expected a list of at least one environment");
  }
  const read = environments.map((it, index) =>
    environmentOf(`environments[${index}]`, it, variables),
  );
  rejectEqualNames("environments", read);
  return {
    listen: readListen(members, defaults),
    admin: adminOf(members["admin"], variables),
    ...integerOptions(members, STREAM_RULES),
    environments: read,
  };
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
  const { listen: value = DEFAULT_PORT } = objectOf("configuration", content);
  return listenAddress("listen", value, host);
}

function adminOf(value: unknown, variables: Variables): AdminConfig {
  const members = value === undefined ? {} : objectOf("admin", value);
  rejectUnknownOptions(members, MEMBERS.admin, "admin");
  const { listen = DEFAULT_ADMIN_PORT, password } = members;
  const admin = {
    listen: listenAddress("admin.listen", listen, LOOPBACK),
    password: password === undefined ? null : readSecret("admin.password", password, variables),
    hosts: stringsOf("admin.hosts", members["hosts"]).map((it) => it.toLowerCase()),
  };
  if (admin.password === null && !isLoopback(admin.listen.host)) {
    throw new OptionError("admin.password", "is needed where admin.listen is not loopback");
  }
  return admin;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function environmentOf(path: string, value: unknown, variables: Variables): EnvironmentConfig {
  const members = objectOf(path, value);
  rejectUnknownOptions(members, MEMBERS.environment, path);
  const dialect = dialectOf(`${path}.dialect`, members["dialect"]);
  const input = inputOf(path, members, variables);
  const tokens = tokensOf(`${path}.tokens`, members["tokens"]);
  if (input.kind === "file" && tokens.length === 0) {
    throw new OptionError(`${path}.tokens`, "expected at least one: a file has no key of a vendor");
  }
  const webhook = members["webhookSecret"];
  if (webhook !== undefined && dialect !== "growthbook") {
    throw new OptionError(`${path}.webhookSecret`, "only GrowthBook has a webhook");
  }
  const redis = redisOf(`${path}.redis`, members["redis"], variables);
  const diskCache = diskCacheOf(`${path}.diskCache`, members["diskCache"]);
  if (input.kind === "file" && (redis !== null || diskCache !== null)) {
    const name = redis === null ? "diskCache" : "redis";
    throw new OptionError(`${path}.${name}`, "cannot be given together with file");
  }
  return {
    name: nameOf(`${path}.name`, members["name"]),
    dialect,
    path,
    options: optionsOf(`${path}.options`, members["options"], variables),
    input,
    tokens,
    origins: originsOf(`${path}.origins`, members["origins"]),
    webhookSecret:
      webhook === undefined ? null : readSecret(`${path}.webhookSecret`, webhook, variables),
    redis,
    diskCache,
    passThrough: passThroughOf(`${path}.passThrough`, members["passThrough"], dialect, input),
  };
}

function nameOf(path: string, name: unknown): string {
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) {
    throw new OptionError(path, "expected 1 to 63 of the characters a-z, 0-9, - and _");
  }
  if (RESERVED_NAMES.has(name)) {
    throw new OptionError(path, `${name} is the beginning of a path of the SDKs`);
  }
  return name;
}

function dialectOf(path: string, name: unknown): DialectName {
  const known = DIALECT_NAMES.find((it) => it === name);
  if (known !== undefined) return known;
  throw new OptionError(path, `expected one of ${DIALECT_NAMES.join(", ")}`);
}

function inputOf(path: string, members: Members, variables: Variables): EnvironmentInput {
  const { file, source } = members;
  if (file !== undefined && source !== undefined) {
    throw new OptionError(`${path}.file`, "cannot be given together with source");
  }
  if (file !== undefined) return { kind: "file", files: filesOf(`${path}.file`, file) };
  if (source === undefined) throw new OptionError(path, "expected a source or a file");
  return { kind: "source", source: optionsOf(`${path}.source`, source, variables) };
}

/** What `fileSource` takes; it checks names and values. */
function filesOf(path: string, file: unknown): ConfigurationFiles {
  if (typeof file === "string" && file !== "") return file;
  const files = objectOf(path, file);
  rejectUnknownOptions(files, ["flags", "bandits"], path);
  for (const [part, value] of Object.entries(files)) {
    if (typeof value !== "string") throw new OptionError(`${path}.${part}`, "expected a path");
  }
  if (files["flags"] === undefined) throw new OptionError(`${path}.flags`, "expected a path");
  return files as ConfigurationFiles; // its members have just been checked
}

function optionsOf(path: string, value: unknown, variables: Variables): Members {
  if (value === undefined) return {};
  const members = objectOf(path, value);
  return withSecrets(path, members, SECRET_MEMBERS, variables) as Members; // a copy of an object
}

function tokensOf(path: string, value: unknown): readonly TokenConfig[] {
  const tokens = listOf(path, value).map((it, index) => tokenOf(`${path}[${index}]`, it));
  rejectEqualNames(path, tokens);
  return tokens;
}

function tokenOf(path: string, value: unknown): TokenConfig {
  const members = objectOf(path, value);
  rejectUnknownOptions(members, ["name", "sha256", "scopes"], path);
  const { name, sha256 } = members;
  if (typeof name !== "string" || !/^[\w.-]{1,63}$/.test(name)) {
    throw new OptionError(`${path}.name`, "expected 1 to 63 letters, digits, dots, - and _");
  }
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new OptionError(
      `${path}.sha256`,
      "expected the 64 hexadecimal digits that `sortition-relay token` prints",
    );
  }
  return {
    name,
    sha256: sha256.toLowerCase(),
    scopes: scopesOf(`${path}.scopes`, members["scopes"]),
  };
}

function scopesOf(path: string, value: unknown): readonly TokenScope[] {
  if (value === undefined) return ["configuration"];
  return listOf(path, value).map((it, index) => {
    const known = TOKEN_SCOPES.find((scope) => scope === it);
    if (known !== undefined) return known;
    throw new OptionError(`${path}[${index}]`, `expected one of ${TOKEN_SCOPES.join(", ")}`);
  });
}

function originsOf(path: string, value: unknown): readonly string[] {
  const origins = stringsOf(path, value);
  for (const [index, origin] of origins.entries()) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new OptionError(`${path}[${index}]`, "expected an origin, such as https://shop.example");
  }
  return origins;
}

function redisOf(path: string, value: unknown, variables: Variables): EnvironmentConfig["redis"] {
  if (value === undefined) return null;
  const members = objectOf(path, value);
  rejectUnknownOptions(members, ["url", "namespace"], path);
  const { namespace, url } = members;
  const place = `${path}.url`;
  const address =
    typeof url === "string" ? withoutPassword(place, url) : readSecret(place, url, variables);
  if (typeof address !== "string" || !/^rediss?:\/\//.test(address)) {
    throw new OptionError(place, "expected redis://host:port or rediss://host:port");
  }
  if (namespace !== undefined && typeof namespace !== "string") {
    throw new OptionError(`${path}.namespace`, "expected a string");
  }
  return { url: address, namespace };
}

/** `diskCachedSource` checks the values. */
function diskCacheOf(path: string, value: unknown): EnvironmentConfig["diskCache"] {
  if (value === undefined) return null;
  const members = objectOf(path, value);
  rejectUnknownOptions(members, ["directory", "maxAgeMs"], path);
  return members as EnvironmentConfig["diskCache"];
}

/** Events can be passed on where the vendor's server is known. */
function passThroughOf(
  path: string,
  value: unknown,
  dialect: DialectName,
  input: EnvironmentInput,
): boolean {
  const isPossible = dialect === "posthog" && input.kind === "source";
  if (value === true && !isPossible) {
    throw new OptionError(path, "needs a source of PostHog");
  }
  return booleanOption(path, value, isPossible);
}

function rejectEqualNames(path: string, all: readonly { readonly name: string }[]): void {
  const names = all.map(({ name }) => name);
  const index = names.findIndex((name, at) => names.indexOf(name) < at);
  if (index < 0) return;
  throw new OptionError(`${path}[${index}].name`, `${names[index]} is the name of another one`);
}

function stringsOf(path: string, value: unknown): readonly string[] {
  return listOf(path, value).map((it, index) => {
    if (typeof it === "string") return it;
    throw new OptionError(`${path}[${index}]`, "expected a string");
  });
}

function listOf(path: string, value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new OptionError(path, "expected a list");
}

function objectOf(path: string, value: unknown): Members {
  if (isJsonObject(value)) return value;
  throw new OptionError(path, "expected an object");
}
