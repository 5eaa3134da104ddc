import {
  type ConfigurationOrigin,
  callback,
  type DialectAddresses,
  explainedOn,
  type Failure,
  fetchParts,
  isOkWithBody,
  OptionError,
  parseBaseUrl,
  type Readers,
  RenewedEtags,
  readAnyKey,
  readBaseUrl,
  readOptions,
  refuseEndpointHeaders,
  requireMethods,
  type Server,
  scopeOf,
  TimeoutError,
} from "@sortition/core/internal";
import { RELEASE } from "../version.js";
import { ACCEPTED_ENCODINGS } from "./body.js";
import { Exchange, type HttpRequest } from "./exchange.js";
import { thrownFailure } from "./failure.js";
import { isUrl } from "./is-url.js";
import { type Asked, lateHint } from "./network-message.js";
import { type DialectOriginOptions, originReaders } from "./origin-options.js";
import { routeOf } from "./proxy.js";
import { proxyVariable } from "./proxy-variable.js";
import { NodeSender } from "./senders/node-sender.js";
import { type SendRequest, senderOf } from "./senders/sender.js";
import { UndiciSender } from "./senders/undici-sender.js";
import { systemCodeOf } from "./system-code.js";

const READERS = (addressOption: string) =>
  ({
    ...originReaders(readAnyKey),
    baseUrl: (_, value) => readBaseUrl(addressOption, value),
    dialect: (path, value = null) => {
      requireMethods(path, value, ["defaultBaseUrl"], ", such as growthbook()");
      return value as DialectAddresses;
    },
    send: callback<SendRequest>(),
    locate: callback<DialectOriginOptions["locate"]>(),
    isUsable: callback<DialectOriginOptions["isUsable"]>(),
    offersStream: callback<DialectOriginOptions["offersStream"]>(),
  }) satisfies Readers<DialectOriginOptions>;

/**
 * Creates an origin for a vendor's server. It requests the dialect's endpoints in order and sends
 * the etags of the payloads that the caller already has. All requests of an attempt share one
 * deadline.
 *
 * @param addressOption - name of the option that the user passed as `baseUrl`, for messages. `null`
 * if the user passed none.
 * @param keyHint - question about a refused key, for messages.
 * @throws OptionError if an option is unknown or invalid.
 * @see docs/spec/lifecycle.md §1.1 and §1.3
 */
export function httpOrigin(
  options: DialectOriginOptions,
  addressOption: string | null = "baseUrl",
  keyHint = "is apiKey an SDK key of the right environment?",
): ConfigurationOrigin {
  const checked = readOptions(
    READERS(addressOption ?? "baseUrl"),
    options,
    undefined,
    explainedOn("/reference/client.md"),
  );
  const { apiKey, clock, dialect, dispatcher = null, proxy, send } = checked;
  const { isUsable = isOkWithBody, locate, offersStream = () => false } = checked;
  const { requestTimeoutMs: timeoutMs } = checked;
  const route = routeOf(checked);
  const keyProblem = dialect.keyProblem?.(apiKey) ?? null;
  if (keyProblem !== null) throw new OptionError("apiKey", keyProblem);
  const who = { apiKey, sdkName: "sortition-node", sdkVersion: RELEASE.version };
  refuseEndpointHeaders(checked.headers, dialect.endpoints, who);
  let isOurs = true;
  const sendIfAsked: SendRequest = (message) => {
    const sent = send?.(message) ?? null;
    isOurs = sent === null;
    return sent;
  };
  const asked: Asked = {
    what: "configuration",
    option: checked.baseUrl === null ? null : addressOption,
    // A custom `send` decides on the route of its requests.
    get route() {
      return isOurs ? route : "dispatcher";
    },
    variableOf: proxyVariable,
  };
  const own = new UndiciSender(dispatcher, { connections: 1, proxy, sockets: {} });
  const transport = new Exchange(senderOf(sendIfAsked, own), asked);
  // There is no time to load undici before the first configuration. Only proxies and dispatchers
  // need it.
  const isDirect = route === "direct";
  const firstTransport = isDirect
    ? new Exchange(senderOf(sendIfAsked, new NodeSender()), asked)
    : transport;
  const baseUrl = checked.baseUrl ?? parseBaseUrl(dialect.defaultBaseUrl(apiKey));
  const server: Server<URL> = {
    ...checked,
    addressOption: asked.option,
    keyHint,
    acceptEncoding: ACCEPTED_ENCODINGS,
    locate:
      locate ?? ((path, query) => new URL(`${baseUrl}${path}${query === "" ? "" : `?${query}`}`)),
    renewedEtags: new RenewedEtags(),
    isUsable,
    offersStream,
    who,
    clock,
  };

  const notUrl = (): OptionError =>
    new OptionError(addressOption ?? "baseUrl", "is not a URL: write it with https://");

  const late = (): string | undefined =>
    isUrl(baseUrl) ? lateHint(new URL(baseUrl), asked) : undefined;

  const failureOf = (cause: unknown): Failure => {
    const failure = thrownFailure(systemCodeOf(cause) === INVALID_URL ? notUrl() : cause);
    if (!(cause instanceof TimeoutError)) return failure;
    return { ...failure, error: new TimeoutError(cause.phase, cause.timeoutMs, late()) };
  };

  return {
    dialect,
    requestTimeoutMs: timeoutMs,
    get scope() {
      return scopeOf(dialect.name, baseUrl, apiKey);
    },

    get lateHint() {
      return late();
    },

    async fetchOnce(current, { signal }) {
      const exchange = current === null ? firstTransport : transport;
      const result = await fetchParts({
        server,
        endpoints: dialect.endpoints,
        send: (message) => exchange.request(message as HttpRequest), // the signal is an AbortSignal of Node.js
        current,
        timeoutMs,
        signal,
        failureOf,
      });
      // Kept after a failure, because a client without a configuration uses it for the next attempt
      // as well.
      if (current === null && isDirect && result.kind === "payloads") firstTransport.release();
      return result;
    },

    release() {
      transport.release();
      firstTransport.release();
    },
  };
}

/**
 * Code of the error for a URL that a drop-in accepts unchecked, because the vendor's SDK does not
 * throw.
 */
const INVALID_URL = "ERR_INVALID_URL";
