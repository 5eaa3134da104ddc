import {
  boolean,
  explainedOn,
  type Readers,
  readOptions,
  serverAddress,
  vendorKey,
} from "@sortition/core/internal";
import {
  connectionReaders,
  type HttpOriginOptions,
  type PollingSourceOptions,
} from "@sortition/node/internal";
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

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Validated options with defaults. `httpOrigin` validates the others. */
export interface CheckedOptions {
  readonly clientKey: string;
  readonly apiHost: string;
  readonly streaming: boolean;
  readonly streamUrl: URL;
}

const READERS = () =>
  ({
    ...connectionReaders(),
    clientKey: vendorKey("the key of an SDK connection", keyProblem),
    apiHost: serverAddress(DEFAULT_HOST),
    streaming: boolean(false),
    streamingHost: serverAddress(DEFAULT_HOST),
  }) satisfies Readers<GrowthbookOriginOptions>;

/**
 * Reads the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, with the others.
 */
export function checkedOptions(
  options: GrowthbookOriginOptions,
  others: Readers<object> = {},
): CheckedOptions {
  const {
    clientKey,
    streaming,
    apiHost = DEFAULT_HOST,
    streamingHost = apiHost,
  } = readOptions(
    { ...READERS(), ...others },
    options,
    undefined,
    explainedOn("/vendors/growthbook.md"),
  );
  const streamUrl = new URL(`${streamingHost}/sub/${encodeURIComponent(clientKey)}`);
  return { clientKey, apiHost, streaming, streamUrl };
}
