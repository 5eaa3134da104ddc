import {
  type ConfigurationOrigin,
  createClock,
  type Failure,
  OptionError,
  type Payload,
  type PayloadSet,
  requireMethods,
  runInSlices,
  type Steps,
  TimeoutError,
} from "@sortition/core/kit";
import { VERSION } from "../version.js";
import { withAbortDeadline } from "./abort-deadline.js";
import { parseBaseUrl } from "./base-url.js";
import { Exchange } from "./exchange.js";
import { thrownFailure } from "./failure.js";
import { isUrl } from "./is-url.js";
import { type Asked, lateHint } from "./network-message.js";
import { checkedOriginOptions, type DialectOriginOptions } from "./origin-options.js";
import { fetchPart, type Server } from "./part.js";
import { proxyVariable } from "./proxy-variable.js";
import { RenewedEtags } from "./renewed-etags.js";
import { scopeOf } from "./scope.js";
import { NodeSender } from "./senders/node-sender.js";
import { type SendRequest, senderOf } from "./senders/sender.js";
import { UndiciSender } from "./senders/undici-sender.js";
import { systemCodeOf } from "./system-code.js";

/**
 * Creates an origin for a vendor's server. It requests the dialect's endpoints in their order, with the
 * etags of the payloads that the caller holds; all requests of one attempt are under one deadline.
 *
 * @param addressOption - the option that the user gave as `baseUrl`, for messages; `null`: the user gave none.
 * @param keyHint - question about a refused key, for messages.
 * @throws OptionError for an unknown option or a bad value.
 * @see docs/spec/lifecycle.md §1.1 and §1.3
 */
export function httpOrigin(
  options: DialectOriginOptions,
  addressOption: string | null = "baseUrl",
  keyHint = "is apiKey an SDK key of the right environment?",
): ConfigurationOrigin {
  const { isUsable = isOkWithBody, locate, onReply = () => {}, send, ...checkable } = options;
  const checked = checkedOriginOptions(checkable);
  const { proxy, requestTimeoutMs: timeoutMs, route } = checked;
  const { apiKey, dialect, dispatcher = null } = options;
  requireMethods("dialect", dialect ?? null, ["defaultBaseUrl"]);
  const clock = createClock(options.clock);
  let isOurs = true;
  const sendIfAsked: SendRequest = (message) => {
    const sent = send?.(message) ?? null;
    isOurs = sent === null;
    return sent;
  };
  const asked: Asked = {
    what: "configuration",
    option: checked.baseUrl === null ? null : addressOption,
    // `send` knows the route of the requests that it sends.
    get route() {
      return isOurs ? route : "dispatcher";
    },
    variableOf: proxyVariable,
  };
  const own = new UndiciSender(dispatcher, { connections: 1, proxy, sockets: {} });
  const transport = new Exchange(senderOf(sendIfAsked, own), asked);
  // Without a configuration there is no time to load undici. Proxies and dispatchers need it.
  const isDirect = route === "direct";
  const firstTransport = isDirect
    ? new Exchange(senderOf(sendIfAsked, new NodeSender()), asked)
    : transport;
  const baseUrl = checked.baseUrl ?? parseBaseUrl(dialect.defaultBaseUrl(apiKey));
  const server: Server = {
    ...checked,
    asked,
    keyHint,
    locate:
      locate ?? ((path, query) => new URL(`${baseUrl}${path}${query === "" ? "" : `?${query}`}`)),
    renewedEtags: new RenewedEtags(),
    isUsable,
    onReply,
    who: { apiKey, sdkName: "sortition-node", sdkVersion: VERSION },
    clock,
  };

  const notUrl = (): OptionError =>
    new OptionError(addressOption ?? "baseUrl", "is not a URL: write it with https://");

  const late = (): string | undefined =>
    isUrl(baseUrl) ? lateHint(new URL(baseUrl), asked) : undefined;

  /** A dialect may have to decode megabytes for an answer. */
  const decided = async (answer: boolean | Steps<boolean>): Promise<boolean> =>
    typeof answer === "boolean" ? answer : runInSlices(answer, clock);

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
      const fresh: Payload[] = [];
      const exchange = current === null ? firstTransport : transport;
      const fetchAll = async (ended: AbortSignal): Promise<Failure | null> => {
        for (const endpoint of dialect.endpoints) {
          const payloads = merge(current, fresh);
          if (!(await decided(endpoint.isNeeded(payloads)))) continue;
          const held = payloads.find(({ part }) => part === endpoint.part) ?? null;
          const result = await fetchPart(server, { exchange, endpoint, held, signal: ended });
          if (result.kind === "failed") return result.failure;
          if (result.kind === "unchanged") continue;
          const { payload } = result;
          if (!(await decided(endpoint.isEmpty?.(payload) ?? false))) fresh.push(payload);
        }
        return null;
      };

      const failure = await withAbortDeadline({ clock, timeoutMs, signal }, fetchAll)
        .catch((cause): Failure => {
          const failure = thrownFailure(systemCodeOf(cause) === INVALID_URL ? notUrl() : cause);
          if (!(cause instanceof TimeoutError)) return failure;
          const hint = late();
          return { ...failure, error: new TimeoutError(cause.phase, cause.timeoutMs, hint) };
        })
        .finally(() => {
          // Kept after a failure: the next attempt of a client that has nothing goes by it, too.
          if (current === null && isDirect && fresh.length > 0) firstTransport.release();
        });
      const payloads = merge(current, fresh);
      if (failure === null) {
        return fresh.length === 0 ? { kind: "unchanged" } : { kind: "payloads", payloads };
      }
      // The parts of an update belong together, so none is used. Only if nothing at all is held, the
      // first part alone is better than that.
      const isBetterThanNothing = current === null && fresh.length > 0;
      return isBetterThanNothing
        ? { kind: "payloads", payloads, failure }
        : { kind: "failed", failure };
    },

    release() {
      transport.release();
      firstTransport.release();
    },
  };
}

function isOkWithBody(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

/** Of an address that a drop-in does not check: its vendor's SDK does not throw. */
const INVALID_URL = "ERR_INVALID_URL";

/** Replaces held parts by fresh ones. Other held parts stay, also those that are no longer needed. */
function merge(current: PayloadSet | null, fresh: PayloadSet): PayloadSet {
  const payloads = [...(current ?? []), ...fresh];
  return [...new Map(payloads.map((payload) => [payload.part, payload])).values()];
}
