import {
  type Client,
  type EvaluationDetails,
  NoInstanceError,
  NotReadyError,
} from "@sortition/core";
import { createClient } from "./create-client.js";
import type { ClientOptions } from "./options.js";

/** What `getInstance` returns. */
let installed: Client | null = null;
/** The client of the latest call of `init`, which wins over calls that end later. */
let latest: Client | null = null;

/**
 * Makes a client, waits until it is ready or its wait ends, and makes it the one that `getInstance`
 * returns. It resolves with the client also when there is no configuration yet: polling goes on, and
 * `client.status` tells.
 *
 * A former instance is closed when it is replaced. One that has a configuration is replaced only by a
 * client that has one too, or at the end of the wait: nobody gets less in the meantime.
 *
 * @throws OptionError (as a rejection) for a bad option; NotReadyError with
 * `throwOnFailedInitialization`.
 * @see docs/spec/lifecycle.md §4
 */
export async function init<Details extends object = EvaluationDetails>(
  options: ClientOptions<Details>,
): Promise<Client<Details>> {
  const client = createClient(options);
  const former = installed;
  latest = client;
  const mayFail = options.throwOnFailedInitialization === true;
  const isFormerReady = former?.isInitialized() === true;
  // A client that may yet be refused takes nobody's place before it is ready.
  const isAtOnce = former === null || client.isInitialized() || (!isFormerReady && !mayFail);
  if (isAtOnce) install(client);

  const result = await client.waitForInitialization();
  if (!result.ready && mayFail) {
    if (installed === client) installed = null;
    await client.close();
    throw new NotReadyError(result.reason, result.error);
  }
  if (latest === client) install(client);
  return client;
}

/**
 * The client of the latest `init`, from the moment of the call on, and also after its `close`.
 *
 * @throws NoInstanceError if `init` was not called.
 */
export function getInstance<Details extends object = EvaluationDetails>(): Client<Details> {
  if (installed === null) throw new NoInstanceError();
  // Who called `init` knows the dialect, and so the type of its details.
  return installed as Client<Details>;
}

function install(client: Client): void {
  const former = installed;
  installed = client;
  // In the background: what it still has to deliver delays nobody, and `close` never rejects.
  if (former !== null && former !== client) void former.close();
}
