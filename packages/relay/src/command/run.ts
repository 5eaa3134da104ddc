import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { createClock, messageOf, SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import type { Logger } from "pino";
import { sha256Of } from "../access/tokens.js";
import type { EnvironmentConfig, RelayConfig } from "../config/config.js";
import { SERVED_NAMES } from "../config/config.js";
import { urlOf } from "../config/listen.js";
import { readConfig, readListen } from "../config/read-config.js";
import { isConfigFault, problemsOf, settleAll } from "../config/reading.js";
import { Environment } from "../environment/environment.js";
import { EnvironmentBook } from "../environment/environment-book.js";
import { HASHED_KEYS } from "../environment/hashed-keys.js";
import { memoryShare } from "../environment/memory.js";
import { type Relay, startRelay } from "../lifecycle/relay.js";
import { VERSION } from "../version.js";
import { COMMAND_HELP, HELP } from "./help.js";
import { hintText } from "./hints.js";
import { EXIT, type Io } from "./io.js";
import { createLog } from "./log.js";
import { checkHints, configOf, readArguments, readJsonFile, withDefaults } from "./options.js";

const HEALTH_TIMEOUT_MS = 5_000;
const TOKEN_BYTES = 32;
/** Short, because a check logs no exposures. */
const CLOSE_MS = 1_000;

const ASKS_FOR_HELP: ReadonlySet<string> = new Set(["--help", "-h"]);

type Command = (args: readonly string[], io: Io) => Promise<number>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["check", check],
  ["token", token],
  ["health", health],
  ["help", printing(HELP)],
  ...["version", "--version", "-v"].map((name) => [name, printing(`${VERSION}\n`)] as const),
]);

/** Runs a command, and returns its exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [first = "", ...rest] = args;
  const command = COMMANDS.get(first);
  if (args.some((it) => ASKS_FOR_HELP.has(it))) {
    io.stdout.write(COMMAND_HELP[first] ?? HELP);
    return EXIT.ok;
  }
  try {
    return await (command === undefined ? serve(args, io) : command(rest, io));
  } catch (error) {
    for (const { message } of problemsOf(error)) io.stderr.write(`error: ${message}\n`);
    return EXIT.unusable;
  }
}

/** Serves until the process receives a signal to stop. */
async function serve(args: readonly string[], io: Io): Promise<number> {
  const { given: options } = readArguments(args, ["config", "dialect", "host", "listen"]);
  const given = withDefaults(options, io.env);
  const config = configOf(given, io.env);
  const stopped = new Promise<void>((resolve) => io.onStop(resolve));
  const log = createLog(config.logLevel, io.stdout);
  for (const { dialect, evaluate, name } of config.environments) {
    if (evaluate || SERVED_NAMES.some((it) => it === dialect)) continue;
    log.warn({ environment: name }, `no SDK is served: ${dialect}'s flags ${NOT_EVALUATED}`);
  }
  const readAgain = (): RelayConfig => configOf(given, io.env);
  const relay = await startRelay(config, log, given["config"] === undefined ? {} : { readAgain });
  io.onReload(() => void reloadRelay(relay, log));
  const urls = { url: urlOf(relay.address), admin: urlOf(relay.adminAddress) };
  log.info({ version: VERSION, ...urls }, "listening");
  const [environment] = relay.environments;
  const served = SERVED_NAMES.find((it) => it === given["dialect"]);
  if (served !== undefined && environment !== undefined) {
    void environment.waitUntilReady().then((isReady) => {
      if (!isReady) return;
      io.stderr.write(hintText(served, urlOf(relay.address)));
    });
  }
  await stopped;
  log.info("ending");
  const lost = await relay.close();
  log.info("ended");
  if (lost > 0) return EXIT.problems;
  return relay.unconfirmed() > 0 ? EXIT.uncertain : EXIT.ok;
}

/** Reloads the configuration and logs its problems. Never rejects. */
async function reloadRelay(relay: Relay, log: Logger): Promise<void> {
  try {
    await relay.reload();
  } catch (error) {
    const problems = isConfigFault(error) ? problemsOf(error) : [];
    for (const { message } of problems) log.error({ reason: message }, "reload failed");
    if (problems.length === 0) log.error({ reason: messageOf(error) }, "reload failed");
  }
}

/** Checks a configuration, and sends one request to each vendor. Uses neither Redis nor the disk cache. */
async function check(args: readonly string[], { env, stderr, stdout }: Io): Promise<number> {
  const { given, positionals } = readArguments(args, [], ["offline"], 1, checkHints);
  const [file = "relay.json"] = positionals;
  const isOffline = given["offline"] !== undefined;
  const unset: string[] = [];
  const content = readJsonFile(file);
  const readable: EnvironmentConfig[] = [];
  let environments: readonly EnvironmentConfig[] = [];
  await settleAll([
    async () => {
      ({ environments } = readConfig(content, {
        variables: env,
        onEnvironment: (it) => readable.push(it),
        ...(isOffline && { onUnsetSecret: (line) => unset.push(line) }),
      }));
    },
    // Vendors' packages check the other options, even if there are problems elsewhere.
    () => settleAll(readable.map((it) => () => openQuietly(it))),
  ]);
  if (environments.length > 1 && !environments.some((it) => it.isDefault)) {
    stderr.write(`warning: ${NO_DEFAULT}\n`);
  }
  if (!isOffline) {
    const lines = await Promise.all(environments.map(ask));
    for (const { text } of lines) stdout.write(text);
    return lines.every(({ isReady }) => isReady) ? EXIT.ok : EXIT.problems;
  }
  for (const line of unset) stdout.write(`not set: ${line}\n`);
  stdout.write(`${file} is valid; no vendor was contacted\n`);
  return EXIT.ok;
}

const NOT_EVALUATED =
  'are only evaluated remotely: add "evaluate": true and a token with the scope evaluate';

const NO_DEFAULT =
  'requests that name no environment get 401. To serve them, set "default": true in one environment';

async function ask(
  config: EnvironmentConfig,
): Promise<{ readonly isReady: boolean; readonly text: string }> {
  const environment = await openQuietly({ ...config, redis: null, diskCache: null });
  environment.start();
  const isReady = await environment.waitUntilReady();
  const { hasHashedKeys, status } = environment;
  await environment.close(CLOSE_MS);
  const problem = status?.lastError?.message ?? "no answer";
  const warning = hasHashedKeys ? `, but ${HASHED_KEYS}` : "";
  return { isReady, text: `${config.name}: ${isReady ? `fine${warning}` : problem}\n` };
}

function openQuietly(config: EnvironmentConfig): Promise<Environment> {
  const ports = { clock: createClock(), diagnostics: SILENT_DIAGNOSTICS };
  const book = new EnvironmentBook(ports.diagnostics, ports.clock);
  return Environment.open(config, { ...ports, book, memory: memoryShare(1) });
}

async function token(args: readonly string[], { stdout }: Io): Promise<number> {
  readArguments(args, [], [], 0, () => undefined);
  const value = `srt_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
  stdout.write(`token:  ${value}\nsha256: ${sha256Of(value)}\n`);
  return EXIT.ok;
}

/** Prints whether a relay on this machine is ready. */
async function health(args: readonly string[], { env, stderr, stdout }: Io): Promise<number> {
  const { given } = readArguments(args, ["config", "listen"]);
  const { config, listen } = withDefaults(given, env);
  const content = config === undefined ? {} : readJsonFile(config);
  const address = readListen(content, { variables: env, listen });
  const host = address.host === "0.0.0.0" || address.host === "::" ? "127.0.0.1" : address.host;
  const url = urlOf({ ...address, host });
  const status = await statusOf(`${url}/readyz`);
  stdout.write(`${status === null ? "no answer" : status === 200 ? "ready" : "not ready"}\n`);
  if (status === null) stderr.write(`nothing listens at ${url}: is the relay running there?\n`);
  return status === 200 ? EXIT.ok : EXIT.problems;
}

/** Returns the status of the response, or `null` if there is none. */
function statusOf(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    const asking = request(url, { timeout: HEALTH_TIMEOUT_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    asking.on("timeout", () => asking.destroy());
    asking.on("error", () => resolve(null));
    asking.end();
  });
}

function printing(text: string): Command {
  return async (_, { stdout }) => {
    stdout.write(text);
    return EXIT.ok;
  };
}
