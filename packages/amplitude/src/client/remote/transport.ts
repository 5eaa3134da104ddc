import { HttpTransport } from "@sortition/node/internal";
import { sendAsVendor } from "../http-client.js";
import type { RemoteEvaluationConfig } from "./config.js";

/**
 * The transports of clients without a custom route, by the option that sets the server's address.
 */
const shared = new Map<string | null, HttpTransport>();

/**
 * Returns the transport of a client. Clients without a custom route share one, as the vendor's
 * clients share an agent: a remote client cannot be stopped, and separate connections would take
 * more memory than everything else in it.
 *
 * @throws OptionError for an invalid `proxy` or `dispatcher`.
 */
export function transportOf(config: RemoteEvaluationConfig): HttpTransport {
  const { dispatcher, httpAgent, proxy, serverUrl } = config;
  const addressOption = serverUrl ? "serverUrl" : null;
  const hasRoute = proxy !== undefined || dispatcher !== undefined || Boolean(httpAgent);
  const known = hasRoute ? undefined : shared.get(addressOption);
  if (known !== undefined) return known;
  const send = sendAsVendor(config);
  const transport = new HttpTransport(
    { connections: null, proxy, dispatcher, send },
    addressOption,
  );
  if (!hasRoute) shared.set(addressOption, transport);
  return transport;
}
