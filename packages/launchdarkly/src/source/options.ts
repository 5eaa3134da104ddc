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

/** Options of `launchdarklyOrigin`. The headers are also sent to the stream. */
export interface LaunchdarklyOriginOptions
  extends Omit<HttpOriginOptions, "apiKey" | "baseUrl" | "dialect"> {
  /** The SDK key of an environment. It is never part of a message, a status or a file name. */
  readonly sdkKey: string;
  /** Whether changes are received as a stream. Default: `true`. */
  readonly streaming?: boolean | undefined;
  /** Address for polling. Default: `https://sdk.launchdarkly.com`. */
  readonly baseUri?: string | undefined;
  /** Address of the stream. Default: `https://stream.launchdarkly.com`, or `baseUri` if it is set. */
  readonly streamUri?: string | undefined;
}

/** Options of `launchdarklySource`. */
export interface LaunchdarklySourceOptions
  extends LaunchdarklyOriginOptions,
    PollingSourceOptions {}

const DEFAULT_BASE = "https://sdk.launchdarkly.com";
const DEFAULT_STREAM = "https://stream.launchdarkly.com";

/** Validated options with defaults. `httpOrigin` validates all other options. */
export interface CheckedOptions {
  readonly sdkKey: string;
  readonly baseUri: string;
  readonly streaming: boolean;
  readonly streamUrl: URL;
}

const READERS = () =>
  ({
    ...connectionReaders(),
    sdkKey: vendorKey("the SDK key of an environment", keyProblem),
    streaming: boolean(true),
    baseUri: serverAddress(DEFAULT_BASE),
    streamUri: serverAddress(DEFAULT_BASE),
  }) satisfies Readers<LaunchdarklyOriginOptions>;

/**
 * Reads the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, which also lists the others.
 */
export function checkedOptions(
  options: LaunchdarklyOriginOptions,
  others: Readers<object> = {},
): CheckedOptions {
  const { baseUri, sdkKey, streaming, streamUri } = readOptions(
    { ...READERS(), ...others },
    options,
    undefined,
    explainedOn("/vendors/launchdarkly.md"),
  );
  const streamUrl = new URL(`${streamUri ?? baseUri ?? DEFAULT_STREAM}/all`);
  return { sdkKey, streaming, baseUri: baseUri ?? DEFAULT_BASE, streamUrl };
}
