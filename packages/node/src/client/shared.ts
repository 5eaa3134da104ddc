import { type Client, OptionError } from "@sortition/core";
import { processWide } from "../process-wide.js";
import { RELEASE } from "../version.js";

/** Clients by name. */
const sharedClients = (): Map<string, Pick<Client, "status">> =>
  processWide(RELEASE, () => new Map(), " shared");

/**
 * Returns the process's client of a name, and creates it at the first call. A development server
 * evaluates a module again after each change, and without this, each evaluation would start another
 * client. Changed options take effect after a restart. A closed client is replaced.
 *
 * ```ts
 * export const flags = shared("flags", () => createClient({ apiKey: process.env["EPPO_API_KEY"] }));
 * ```
 *
 * @param name - distinguishes the clients of a process.
 * @param create - creates the client.
 * @throws OptionError if `name` is not a string or `create` is not a function.
 */
export function shared<C extends Pick<Client, "status">>(name: string, create: () => C): C {
  if (typeof name !== "string" || name === "") {
    throw new OptionError("name", 'expected a name such as "flags"');
  }
  if (typeof create !== "function") {
    throw new OptionError("create", "expected a function: () => createClient({ … })");
  }
  const clients = sharedClients();
  const known = clients.get(name);
  // Callers use one type of client for a name.
  if (known !== undefined && known.status.state !== "closed") return known as C;
  const client = create();
  clients.set(name, client);
  return client;
}
