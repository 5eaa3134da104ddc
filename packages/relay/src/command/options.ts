import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  DOCUMENTATION_URL,
  describeFault,
  findJsonFault,
  messageOf,
  OptionError,
  type OptionHints,
  positionOf,
  rejectUnknownOptions,
  utf16Problem,
} from "@sortition/core/internal";
import {
  DIALECT_NAMES,
  type RelayConfig,
  SERVED_NAMES,
  type ServedName,
} from "../config/config.js";
import { listenAddress } from "../config/listen.js";
import { readConfig } from "../config/read-config.js";
import type { Variables } from "../config/secret.js";

const KEY = "SORTITION_RELAY_KEY";
const PROJECT_KEY = "SORTITION_RELAY_PROJECT_KEY";
/** Variable with the default host. */
const HOST = "SORTITION_RELAY_HOST";
/** Variables with the defaults of `--config` and `--listen`, so that an image's health check uses the address of its relay. */
const CONFIG = "SORTITION_RELAY_CONFIG";
const LISTEN = "SORTITION_RELAY_LISTEN";

/** Source options of a relay for one environment, by vendor. */
const SOURCES: Readonly<Record<ServedName, object>> = {
  eppo: { apiKey: { env: KEY } },
  growthbook: { clientKey: { env: KEY } },
  amplitude: { deploymentKey: { env: KEY } },
  posthog: { secretKey: { env: KEY }, projectApiKey: { env: PROJECT_KEY } },
};

/** Source options for `--host`, by vendor. */
const HOSTS: Readonly<Record<ServedName, (host: string) => object>> = {
  eppo: (baseUrl) => ({ baseUrl }),
  growthbook: (apiHost) => ({ apiHost }),
  amplitude: (host) => (isZone(host) ? { serverZone: host } : { serverUrl: host }),
  posthog: (host) => ({ host: isZone(host) ? `https://${host}.i.posthog.com` : host }),
};

function isZone(host: string): boolean {
  return host === "eu" || host === "us";
}

/** Vendors that have separate clouds in the EU and the US. */
const HAVE_ZONES: ReadonlySet<ServedName> = new Set(["amplitude", "posthog"]);

/** Values of options by name without dashes; `""` for options without a value. */
export type Given = Readonly<Record<string, string | undefined>>;

/**
 * Reads the arguments of a command.
 *
 * @param flags - options without a value.
 * @param hintsOf - returns hints for unknown options. Default: about the address to listen on.
 * @throws OptionError for an unknown option, a missing value, and too many arguments.
 */
export function readArguments(
  args: readonly string[],
  names: readonly string[],
  flags: readonly string[] = [],
  maxPositionals = 0,
  hintsOf: (positionals: readonly string[]) => OptionHints | undefined = listenHints,
): { readonly given: Given; readonly positionals: readonly string[] } {
  const options = Object.fromEntries([
    ...names.map((name) => [name, { type: "string" }] as const),
    ...flags.map((name) => [name, { type: "boolean" }] as const),
  ]);
  const loose = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const dashed = (name: string): string => `--${name}`;
  rejectUnknownOptions(
    Object.fromEntries(Object.keys(loose.values).map((name) => [dashed(name), true])),
    [...names, ...flags].map(dashed),
    undefined,
    () => hintsOf(loose.positionals),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new OptionError("options", messageOf(error));
  }
  const { positionals, values } = parsed;
  const extra = positionals[maxPositionals];
  if (extra !== undefined && names.includes("config") && /\.(json|ya?ml)$/i.test(extra)) {
    throw new OptionError(extra, `write --config ${extra}`);
  }
  if (extra !== undefined) {
    if (names.length === 0) throw new OptionError(extra, "unexpected argument: leave it out");
    const isServing = /^(start|serve|run|up)$/.test(extra);
    const form = "; to serve, write sortition-relay --config relay.json without a command";
    throw new OptionError(
      extra,
      `unknown command${isServing ? form : ", see sortition-relay help"}`,
    );
  }
  const given = Object.entries(values).map(([name, value]) => [name, value === true ? "" : value]);
  return { given: Object.fromEntries(given), positionals };
}

/**
 * Adds `--config` and `--listen` from environment variables if they are not given.
 *
 * @throws OptionError that names the variable if it is not an address.
 */
export function withDefaults(given: Given, variables: Variables): Given {
  const { dialect, listen } = given;
  if (listen === undefined && variables[LISTEN] !== undefined) {
    listenAddress(LISTEN, variables[LISTEN], "");
  }
  const config = dialect === undefined ? variables[CONFIG] : undefined;
  return {
    ...(config !== undefined && { config }),
    ...(variables[LISTEN] !== undefined && { listen: variables[LISTEN] }),
    ...given,
  };
}

/**
 * Reads the configuration of `--config`, or creates one for `--dialect`.
 *
 * @throws OptionError
 */
export function configOf(
  { config, dialect, host, listen }: Given,
  variables: Variables,
): RelayConfig {
  const defaults = { variables, listen, host: variables[HOST] };
  if (config !== undefined && dialect !== undefined) {
    throw new OptionError("--dialect", "cannot be given together with --config");
  }
  if (config !== undefined) {
    if (host !== undefined) throw new OptionError("--host", hostHint(host) ?? "needs --dialect");
    return readConfig(readJsonFile(config), defaults);
  }
  if (dialect === undefined && host !== undefined && hostHint(host) !== null) {
    throw new OptionError("--host", `${hostHint(host)}, with --config FILE or --dialect NAME`);
  }
  const name = SERVED_NAMES.find((it) => it === dialect);
  if (name === undefined) {
    const names = SERVED_NAMES.join(", ");
    // With `--config`, further vendors are evaluated remotely.
    const isEvaluated = dialect === undefined || DIALECT_NAMES.some((it) => it === dialect);
    const advice = isEvaluated ? ", or give --config FILE" : ": the relay serves no other vendor";
    throw new OptionError("--dialect", `expected one of ${names}${advice}`);
  }
  const listening = host === undefined ? null : hostHint(host);
  if (listening !== null) throw new OptionError("--host", listening);
  if (host !== undefined && !URL.canParse(host) && !(isZone(host) && HAVE_ZONES.has(name))) {
    const zones = HAVE_ZONES.has(name) ? "eu, us or " : "";
    throw new OptionError("--host", `expected ${zones}a URL such as https://flags.example`);
  }
  const own = host === undefined ? {} : HOSTS[name](host);
  const environments = [{ name, dialect: name, source: { ...SOURCES[name], ...own } }];
  return readConfig({ environments }, defaults);
}

/** Returns what to write if `--host` has an address to listen on; `null` if it may be a vendor's server. */
function hostHint(host: string): string | null {
  const address = host.replace(/^\[|\]$/g, "");
  const isV6 = /^::1?$/.test(address);
  const isLocal = isV6 || /^(localhost|\d{1,3}(\.\d{1,3}){3})$/.test(address);
  return isLocal
    ? `is the vendor's server: to listen there, use --listen ${isV6 ? `[${address}]` : address}:8080`
    : null;
}

/** A command line is visible to others, so keys are not options. */
const KEY_NAMES = ["--api-key", "--apiKey", "--key", "--sdk-key", "--token", "--client-key"];

/** The file is an argument of `check`. */
export function checkHints([file = "relay.json"]: readonly string[]): OptionHints {
  return { page: "", names: { "--config": `write check ${file}` } };
}

/** Options of other servers that mean `--listen`, and keys. */
function listenHints(positionals: readonly string[]): OptionHints {
  // The value of an unknown option is a positional argument.
  const port = positionals.find((it) => /^\d+$/.test(it)) ?? "8080";
  return {
    page: `${DOCUMENTATION_URL}/reference/relay.md`,
    names: {
      "--port": `use --listen ${port}`,
      ...Object.fromEntries(KEY_NAMES.map((name) => [name, `set the variable ${KEY}`])),
    },
  };
}

/** @throws OptionError if it cannot be read, or is not JSON. */
export function readJsonFile(path: string): unknown {
  if (/\.ya?ml$/i.test(path)) throw new OptionError(path, "is YAML; write JSON");
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException; // a system code
    throw new OptionError(path, `cannot be read: ${code}: is the path right?`);
  }
  const encoding = utf16Problem(bytes);
  if (encoding !== null) throw new OptionError(path, encoding);
  const text = bytes.toString();
  const fault = findJsonFault(text);
  if (fault === null) return JSON.parse(text);
  const { column, line } = positionOf(text, fault.offset);
  // The message quotes only one character, because the file may contain a secret in plain text.
  const problem = describeFault(fault, "file");
  throw new OptionError(path, `is not JSON: line ${line}, column ${column}: ${problem}`);
}
