import {
  booleanOption,
  keyFault,
  OptionError,
  parseUrl,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import type { HttpOriginOptions, PollingSourceOptions } from "@sortition/node/internal";
import { keyProblem } from "../dialect/addresses.js";

/** Options of {@link growthbookOrigin}. The headers are also sent to the stream. */
export interface GrowthbookOriginOptions
  extends Omit<HttpOriginOptions, "apiKey" | "baseUrl" | "dialect"> {
  /** The key of an SDK connection. It is never part of a message, a status or a file name. */
  readonly clientKey: string;
  /** Address of the API. Default: `https://cdn.growthbook.io`. */
  readonly apiHost?: string | undefined;
  /** If `true`, changes are received as a stream if the API offers one. Default: `false`. */
  readonly streaming?: boolean | undefined;
  /** Address of the stream. Default: `apiHost`. */
  readonly streamingHost?: string | undefined;
}

/** Options of {@link growthbookSource}. */
export interface GrowthbookSourceOptions extends GrowthbookOriginOptions, PollingSourceOptions {}

const OPTION_NAMES: readonly (keyof GrowthbookOriginOptions)[] = [
  "clientKey",
  "apiHost",
  "streaming",
  "streamingHost",
  "headers",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "clock",
];

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Validated options with defaults. `httpOrigin` validates the others. */
export interface CheckedOptions {
  readonly clientKey: string;
  readonly apiHost: string;
  readonly streaming: boolean;
  readonly streamUrl: URL;
}

/** @throws OptionError that names the invalid option. */
export function checkedOptions(options: GrowthbookOriginOptions): CheckedOptions {
  rejectUnknownOptions(options, OPTION_NAMES);
  const { clientKey } = options;
  if (typeof clientKey !== "string" || clientKey.trim() === "") {
    throw new OptionError("clientKey", "expected the key of an SDK connection");
  }
  const fault = keyFault(clientKey) ?? keyProblem(clientKey);
  if (fault !== null) throw new OptionError("clientKey", fault);
  const apiHost = hostOf("apiHost", options.apiHost ?? DEFAULT_HOST);
  const streamingHost = hostOf("streamingHost", options.streamingHost ?? apiHost);
  return {
    clientKey,
    apiHost,
    streaming: booleanOption("streaming", options.streaming, false),
    streamUrl: new URL(`${streamingHost}/sub/${encodeURIComponent(clientKey)}`),
  };
}

function hostOf(option: string, host: unknown): string {
  const isUsable =
    typeof host === "string" && /^https?:\/\/[^?#]+$/i.test(host) && parseUrl(host) !== null;
  if (!isUsable) throw new OptionError(option, `expected an address, such as ${DEFAULT_HOST}`);
  return host.replace(/\/+$/, "");
}
