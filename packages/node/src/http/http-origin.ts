import {
  type ConfigurationOrigin,
  createClock,
  type Failure,
  type Payload,
  type PayloadSet,
  requireMethods,
  runInSlices,
  type Steps,
  sha256,
} from "@sortition/core/source";
import { VERSION } from "../version.js";
import { parseBaseUrl } from "./base-url.js";
import { withDeadline } from "./deadline.js";
import { Exchange } from "./exchange.js";
import { thrownFailure } from "./failure.js";
import { HttpTransport } from "./http-transport.js";
import { NodeSender } from "./node-sender.js";
import { checkedOriginOptions, type DialectOriginOptions } from "./origin-options.js";
import { fetchPart, type Server } from "./part.js";
import { withProxyHint } from "./proxy-hint.js";
import { type SendRequest, senderOf } from "./sender.js";

/**
 * Creates an origin for a vendor's server. It requests the dialect's endpoints in their order, with the
 * etags of what the caller holds; all requests of one attempt are under one deadline.
 *
 * @throws OptionError for an unknown option or a bad value.
 * @see docs/spec/lifecycle.md §1.1 and §1.3
 */
export function httpOrigin(options: DialectOriginOptions): ConfigurationOrigin {
  const { send, ...checkable } = options;
  const checked = checkedOriginOptions(checkable);
  const { apiKey, dialect, dispatcher, proxy } = options;
  requireMethods("dialect", dialect ?? null, ["defaultBaseUrl"]);
  const clock = createClock(options.clock);
  let isOurs = true;
  const sendIfAsked: SendRequest = (message) => {
    const sent = send?.(message) ?? null;
    isOurs = sent === null;
    return sent;
  };
  const transport = new HttpTransport({ dispatcher, proxy, send: sendIfAsked });
  // Without a configuration there is no time to load undici. Proxies and dispatchers need it.
  const isDirect = dispatcher === undefined && proxy === undefined;
  const firstLook = isDirect ? new Exchange(senderOf(sendIfAsked, new NodeSender())) : transport;
  const baseUrl = checked.baseUrl ?? parseBaseUrl(dialect.defaultBaseUrl(apiKey));
  const who = { apiKey, sdkName: "sortition-node", sdkVersion: VERSION };
  const { headers, maxBodyBytes, requestTimeoutMs: timeoutMs } = checked;
  const serverBy = (exchange: Server["exchange"]): Server => ({
    exchange,
    baseUrl,
    headers,
    maxBodyBytes,
    who,
    clock,
  });

  /** A dialect may have to decode megabytes for an answer. */
  const decided = async (answer: boolean | Steps<boolean>): Promise<boolean> =>
    typeof answer === "boolean" ? answer : runInSlices(answer, clock);

  return {
    dialect,
    requestTimeoutMs: timeoutMs,
    scope: scopeOf(`${dialect.name}\0${baseUrl}\0${apiKey}`),

    async fetchOnce(current, { signal }) {
      const fresh: Payload[] = [];
      const server = serverBy(current === null ? firstLook : transport);
      const fetchAll = async (ended: AbortSignal): Promise<Failure | null> => {
        for (const endpoint of dialect.endpoints) {
          const payloads = merge(current, fresh);
          if (!(await decided(endpoint.isNeeded(payloads)))) continue;
          const held = payloads.find(({ part }) => part === endpoint.part) ?? null;
          const result = await fetchPart(server, { endpoint, held, signal: ended });
          if (result.kind === "failed") return result.failure;
          if (result.kind === "unchanged") continue;
          const { payload } = result;
          if (!(await decided(endpoint.isEmpty?.(payload) ?? false))) fresh.push(payload);
        }
        return null;
      };

      const failure = await withDeadline({ clock, timeoutMs, signal }, fetchAll)
        .catch((cause) =>
          withProxyHint(thrownFailure(cause), baseUrl, isDirect && isOurs, process.env),
        )
        .finally(() => {
          // Kept after a failure: the next attempt of a client that has nothing goes by it, too.
          if (current === null && isDirect && fresh.length > 0) firstLook.release();
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
      firstLook.release();
    },
  };
}

/** Not by `node:crypto`, which takes 3 ms to import. */
function scopeOf(identity: string): string {
  return Buffer.from(sha256(Buffer.from(identity))).toString("hex");
}

/** Replaces held parts by fresh ones. Other held parts stay, also those that are no longer needed. */
function merge(current: PayloadSet | null, fresh: PayloadSet): PayloadSet {
  const payloads = [...(current ?? []), ...fresh];
  return [...new Map(payloads.map((payload) => [payload.part, payload])).values()];
}
