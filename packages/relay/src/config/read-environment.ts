import { integer, OptionError } from "@sortition/core/internal";
import {
  type ConfigurationFiles,
  DIALECT_NAMES,
  type EnvironmentConfig,
  type EnvironmentInput,
  LOGGER_TYPES,
  type LoggerConfig,
  type TokenConfig,
  VENDOR_FACTS,
} from "./config.js";
import { readToken } from "./read-token.js";
import {
  listOf,
  type Members,
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
  stringThat,
} from "./reader.js";
import { readSecret, UNSET_SECRET, withoutPassword, withSecrets } from "./secret.js";

/** Members of sources, dialect options and loggers that are secrets. */
const SECRET_MEMBERS = [
  ...Object.values(VENDOR_FACTS).flatMap(({ secrets }) => secrets),
  "writeKey",
];

/** First segments of other paths, which cannot name an environment. Some are reserved for later versions. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...["livez", "readyz", "metrics", "status", "flag-config", "api", "sub", "proxy", "sdk"],
  ...["flags", "batch", "decide", "e", "capture", "i", "ofrep", "exposures", "healthcheck"],
  "openfeature",
]);

/** The members of an environment as written in the file, each checked separately. */
interface EnvironmentMembers
  extends Omit<
    EnvironmentConfig,
    "input" | "isDefault" | "maxStreams" | "passThrough" | "path" | "tokens"
  > {
  readonly source: Members | null;
  readonly file: ConfigurationFiles | null;
  readonly tokens: readonly TokenConfig[];
  /** `null`: enabled if the vendor supports it. */
  readonly passThrough: boolean | null;
  readonly default: boolean;
  /** `null`: a share of the relay's `maxStreams`. */
  readonly maxStreams: number | null;
}

/** An environment whose maximum number of streams may not be known yet. */
export type ReadEnvironment = Omit<EnvironmentConfig, "maxStreams"> &
  Pick<EnvironmentMembers, "maxStreams">;

type Redis = NonNullable<EnvironmentConfig["redis"]>;

const SOURCE_FORM =
  ': write { "apiKey": { "env": "VARIABLE" } }, with the vendor\'s name of the key';

/** Reads options with their secrets. The vendor's package checks them. */
const readOptions: Reader<Members> = (path, value, reading) =>
  withSecrets(path, readObject(path, value, SOURCE_FORM), SECRET_MEMBERS, reading) as Members; // a copy of an object

/** Reads the paths for `fileSource`, which checks the files. */
const readFiles: Reader<ConfigurationFiles> = (path, file, reading) => {
  if (typeof file === "string" && file !== "") return file;
  return readMembers(FILES, path, file, reading);
};

const readPath = stringThat(() => true, "expected a path");

const FILES: Readers<Exclude<ConfigurationFiles, string>> = {
  flags: readPath,
  bandits: optional(readPath, undefined),
};

const readUrl: Reader<string> = (path, url, reading) => {
  const address =
    typeof url === "string" ? withoutPassword(path, url) : readSecret(path, url, reading);
  if (address === UNSET_SECRET) return "redis://localhost";
  if (typeof address === "string" && /^rediss?:\/\//.test(address)) return address;
  throw new OptionError(path, "expected redis://host:port or rediss://host:port");
};

const DISK_EXAMPLE = ': write { "directory": "/var/cache/sortition" }';
const REDIS_EXAMPLE = '{ "url": { "env": "REDIS_URL" } }';
const REDIS: Readers<Redis> = { url: readUrl, namespace: optional(readString, undefined) };

const readLogger: Reader<LoggerConfig> = (path, value, reading) => {
  const { type, ...options } = readObject(path, value);
  const logger = {
    type: oneOf(LOGGER_TYPES)(`${path}.type`, type, reading),
    path,
    options: readOptions(path, options, reading),
  };
  reading.loggers.push(logger);
  return logger;
};

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** All members of an environment. The reference has a table of them. */
export const ENVIRONMENT: Readers<EnvironmentMembers> = {
  name: (path, value) => {
    if (typeof value !== "string" || !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(value)) {
      throw new OptionError(path, "expected 1 to 63 of the characters a-z, 0-9, - and _");
    }
    if (!RESERVED_NAMES.has(value)) return value;
    throw new OptionError(path, `${value} is reserved, because paths of SDKs begin with it`);
  },
  dialect: oneOf(DIALECT_NAMES),
  options: optional(readOptions, {}),
  source: optional(readOptions, null),
  file: optional(readFiles, null),
  tokens: namedListOf(readToken, '{ "name": "web", "sha256": "…" }'),
  origins: listOf(
    stringThat(isOrigin, "expected an origin, such as https://shop.example"),
    '"https://shop.example"',
  ),
  webhookSecret: optional(readSecret, null),
  redis: optional(
    (path, value, reading) => readMembers(REDIS, path, value, reading, { example: REDIS_EXAMPLE }),
    null,
  ),
  // `checkDiskCache` checks its members.
  diskCache: optional(
    (path, value) =>
      readObject(path, value, DISK_EXAMPLE) as unknown as EnvironmentConfig["diskCache"],
    null,
  ),
  passThrough: optional(readBoolean, null),
  evaluate: readBoolean,
  loggers: listOf(readLogger, '{ "type": "ndjson", "path": "exposures.ndjson" }'),
  default: readBoolean,
  maxStreams: integer(0, 1_000_000, null),
};

/** Rules that involve several members. */
const RULES: readonly Rule<EnvironmentMembers>[] = [
  { members: ["file", "source"], check: (path, members) => void inputOf(path, members) },
  { members: ["dialect", "tokens"], check: checkRemoteEval },
  { members: ["dialect", "webhookSecret"], check: checkWebhook },
  { members: ["evaluate", "file", "origins", "source", "tokens"], check: checkTokens },
  { members: ["diskCache", "file", "redis"], check: checkFile },
  {
    members: ["evaluate", "loggers"],
    check(path, { evaluate, loggers }) {
      if (loggers.length === 0 || evaluate) return;
      throw new OptionError(`${path}.loggers`, `needs ${path}.evaluate`);
    },
  },
  { members: ["loggers", "redis", "tokens"], check: checkNamespace },
  {
    members: ["dialect", "passThrough", "source"],
    check(path, members) {
      const { dialect, passThrough } = members;
      const place = `${path}.passThrough`;
      if (passThrough !== null && !VENDOR_FACTS[dialect].passesThrough) {
        throw new OptionError(place, "only PostHog's requests are passed through: leave it out");
      }
      if (passThrough !== true || canPassThrough(members)) return;
      throw new OptionError(place, "needs a PostHog source");
    },
  },
];

/** Replacements for invalid members, so that the other members can still be checked. */
const DEFAULTS: Omit<EnvironmentMembers, "dialect"> = {
  name: "",
  options: {},
  source: null,
  file: null,
  tokens: [],
  origins: [],
  webhookSecret: null,
  redis: null,
  diskCache: null,
  passThrough: null,
  evaluate: false,
  loggers: [],
  default: false,
  maxStreams: null,
};

/** Checks each member of an environment, and then the rules that involve several members. */
export const readEnvironment: Reader<ReadEnvironment> = (path, value, reading) => {
  const members = readMembers(ENVIRONMENT, path, value, reading, {
    rules: RULES,
    onRead({ dialect, ...others }) {
      const loggers = reading.loggers.filter((it) => it.path.startsWith(`${path}.loggers[`));
      const all = { ...DEFAULTS, ...others, loggers };
      const hasInput = (all.source === null) !== (all.file === null);
      if (dialect === undefined || !hasInput) return;
      const environment = environmentOf(path, { ...all, dialect });
      reading.onEnvironment({ ...environment, maxStreams: environment.maxStreams ?? 0 });
    },
  });
  return environmentOf(path, members);
};

function environmentOf(path: string, members: EnvironmentMembers): ReadEnvironment {
  const { default: isDefault, file: _, passThrough, source: __, ...others } = members;
  return {
    ...others,
    path,
    isDefault,
    input: inputOf(path, members),
    passThrough: passThrough ?? canPassThrough(members),
  };
}

/** Events can be proxied if the vendor's server is known. */
function canPassThrough({
  dialect,
  source,
}: Pick<EnvironmentMembers, "dialect" | "source">): boolean {
  return VENDOR_FACTS[dialect].passesThrough && source !== null;
}

/** Rejects members that need a vendor's server. */
function checkFile(path: string, { diskCache, file, redis }: EnvironmentMembers): void {
  if (file === null || (redis === null && diskCache === null)) return;
  const name = redis === null ? "diskCache" : "redis";
  throw new OptionError(`${path}.${name}`, "cannot be given together with file");
}

/** Otherwise, what is in Redis would be orphaned when the source's key is rotated. */
function checkNamespace(path: string, { loggers, redis, tokens }: EnvironmentMembers): void {
  if (redis === null || redis.namespace !== undefined) return;
  const isUsed = loggers.length > 0 || tokens.some(({ remoteEval }) => remoteEval);
  if (!isUsed) return;
  const what = loggers.length > 0 ? "exposures" : "sticky buckets";
  throw new OptionError(
    `${path}.redis.namespace`,
    `expected a name that you choose, such as "shop-production", because ${what} in Redis must outlive the source's key`,
  );
}

function inputOf(path: string, { file, source }: EnvironmentMembers): EnvironmentInput {
  if (file !== null && source !== null) {
    throw new OptionError(`${path}.file`, "cannot be given together with source");
  }
  if (file !== null) return { kind: "file", files: file };
  if (source !== null) return { kind: "source", source };
  const advice = 'write "source": { … } with the key, or "file": "flags.json"';
  throw new OptionError(path, `expected a source or a file: ${advice}`);
}

function checkRemoteEval(path: string, { dialect, tokens }: EnvironmentMembers): void {
  const index = tokens.findIndex(({ remoteEval }) => remoteEval);
  if (index < 0 || VENDOR_FACTS[dialect].hasRemoteEvaluation) return;
  throw new OptionError(
    `${path}.tokens[${index}].remoteEval`,
    "only GrowthBook's SDKs use remote evaluation",
  );
}

function checkWebhook(path: string, { dialect, webhookSecret }: EnvironmentMembers): void {
  if (webhookSecret === null || VENDOR_FACTS[dialect].hasRemoteEvaluation) return;
  throw new OptionError(`${path}.webhookSecret`, "only GrowthBook has a webhook");
}

/** Evaluation requires a token, because a vendor's key must not be published in a web page. */
function checkTokens(
  path: string,
  { evaluate, file, origins, source, tokens }: EnvironmentMembers,
): void {
  if (file !== null && source === null && tokens.length === 0) {
    throw new OptionError(
      `${path}.tokens`,
      "expected at least one token, because a file has no vendor key: create one with sortition-relay token",
    );
  }
  if (evaluate && !tokens.some(({ scopes }) => scopes.includes("evaluate"))) {
    throw new OptionError(
      `${path}.evaluate`,
      "needs a token with the scope evaluate: create one with sortition-relay token",
    );
  }
  for (const [index, { scopes }] of tokens.entries()) {
    if (!scopes.includes("evaluate")) continue;
    const place = `${path}.tokens[${index}].scopes`;
    if (!evaluate) throw new OptionError(place, `evaluate needs ${path}.evaluate`);
    if (origins.length > 0 && scopes.length > 1) {
      throw new OptionError(
        place,
        "evaluate cannot be combined with other scopes if there are origins, because a token in a web page is public",
      );
    }
  }
}
