import { type Client, NoInstanceError, NotReadyError, OptionError } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { withAwaitHints } from "@sortition/core/internal";
import { processWide } from "../process-wide.js";
import { RELEASE } from "../version.js";
import { createStartedClient } from "./create-client.js";
import type { ClientOptions } from "./options.js";
import { warn } from "./warn.js";

const SECOND_INIT =
  "the former client is closed; call init once at the start, and getInstance() elsewhere";

/** The instances of a process. */
interface Instances {
  /** The client that `getInstance` returns. */
  installed: Client | null;
  /**
   * The client of the latest call of `init`. It takes precedence over earlier calls that finish
   * later.
   */
  latest: Client | null;
}

const instances = (): Instances => processWide(RELEASE, () => ({ installed: null, latest: null }));

/**
 * Creates a client, waits until it is ready or the wait ends, and installs it as the instance that
 * `getInstance` returns. Also resolves if there is no configuration yet: polling continues, and
 * `client.status` reports the state. There is one instance per process and major version, shared by
 * the ES module and the CommonJS module.
 *
 * The previous instance is closed when it is replaced. If only the previous instance has a
 * configuration, it is replaced at the end of the wait.
 *
 * @throws OptionError (as a rejection) for an invalid option; NotReadyError with
 * `throwOnFailedInitialization`.
 * @see docs/spec/lifecycle.md §4
 */
export function init<Details extends object = EvaluationDetails>(
  options: ClientOptions<Details>,
): Promise<Client<Details>> {
  return withAwaitHints(initialize(options), "init(…)");
}

async function initialize<Details extends object>(
  options: ClientOptions<Details>,
): Promise<Client<Details>> {
  if (typeof options === "string") {
    throw new OptionError("options", "expected an object, got a string: write init({ apiKey, … })");
  }
  const client = createStartedClient(options);
  const current = instances();
  const former = current.installed;
  if (former !== null && former.status.state !== "closed") {
    const cause = "init called again";
    warn(options.diagnostics, `${cause}: ${SECOND_INIT}`, { cause });
  }
  current.latest = client;
  const mayFail = options.throwOnFailedInitialization === true;
  const isFormerReady = former?.isInitialized() === true;
  // A client whose `init` may still reject must not replace an instance before it is ready.
  const isAtOnce = former === null || client.isInitialized() || (!isFormerReady && !mayFail);
  if (isAtOnce) install(client);

  // With a configuration there is nothing to wait for.
  if (mayFail || !client.isInitialized()) {
    const result = await client.waitForInitialization();
    if (!result.ready && mayFail) {
      if (current.installed === client) current.installed = null;
      await client.close();
      throw new NotReadyError(result.reason, result.error);
    }
  }
  if (current.latest === client) install(client);
  return client;
}

/**
 * Returns the client of the latest `init`, from the moment of the call, even after its `close`.
 *
 * @throws NoInstanceError if `init` was not called.
 */
export function getInstance<Details extends object = EvaluationDetails>(): Client<Details> {
  const { installed } = instances();
  if (installed === null) throw new NoInstanceError(nextBuildHint());
  // The caller of `init` chose the dialect, and with it the type of the details.
  return installed as Client<Details>;
}

/** Next renders pages at build time, in processes that do not run `instrumentation.ts`. */
function nextBuildHint(): string {
  return process.env["NEXT_PHASE"] === "phase-production-build"
    ? '; this page is rendered at build time: add `await connection()` from "next/server"'
    : "";
}

function install(client: Client): void {
  const current = instances();
  const former = current.installed;
  current.installed = client;
  // Not awaited, so that its deliveries do not delay the caller. `close` never rejects.
  if (former !== null && former !== client) void former.close();
}
