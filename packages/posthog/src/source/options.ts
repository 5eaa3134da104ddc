import {
  DOCUMENTATION_URL,
  OptionError,
  type OptionHints,
  type Readers,
  readOptions,
  refuseBlank,
  soundKey,
} from "@sortition/core/internal";
import {
  connectionReaders,
  type HttpOriginOptions,
  type PollingSourceOptions,
} from "@sortition/node/internal";
import { projectKeyProblem } from "../dialect/project-key.js";
import { ingestionHost, isHttpUrl } from "../http/host.js";
import { refuseProjectKey } from "../http/secret-key.js";

/** Options of {@link posthogOrigin}. */
export interface PosthogOriginOptions
  extends Omit<HttpOriginOptions, "apiKey" | "baseUrl" | "dialect"> {
  /** The project's API key, `phc_…`. */
  readonly projectApiKey: string;
  /**
   * A key that may read flag definitions, `phs_…` or `phx_…`. It is never part of a message, a status or a file name.
   */
  readonly secretKey: string;
  /** Address of the server. Default: `https://us.i.posthog.com`. */
  readonly host?: string | undefined;
}

/** Options of {@link posthogSource}. */
export interface PosthogSourceOptions extends PosthogOriginOptions, PollingSourceOptions {}

const NO_STREAM: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/production.md#stream-changes`,
  names: { streaming: "PostHog's server has no stream, so its definitions are polled" },
};

const VENDOR_NAMES: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/posthog.md`,
  names: {
    personalApiKey: "use secretKey",
    featureFlagsPollingInterval: "use pollIntervalMs",
  },
};

/** Validated options with defaults. `httpOrigin` validates the others. */
export interface CheckedOptions {
  readonly projectApiKey: string;
  readonly secretKey: string;
  readonly host: string;
}

const READERS = () =>
  ({
    ...connectionReaders(),
    projectApiKey: (path, value) => readKey(path, value, projectKeyProblem),
    secretKey: (path, value) => {
      const key = readKey(path, value);
      refuseProjectKey(key, path);
      return key;
    },
    host: readHost,
  }) satisfies Readers<PosthogOriginOptions>;

/**
 * Reads the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, with the others.
 */
export function checkedOptions(
  options: PosthogOriginOptions,
  others: Readers<object> = {},
): CheckedOptions {
  return readOptions({ ...READERS(), ...others }, options, undefined, (name) =>
    name === "streaming" ? NO_STREAM : VENDOR_NAMES,
  );
}

function readHost(path: string, host: unknown): string {
  refuseBlank(path, host);
  const isText = host === undefined || typeof host === "string";
  const address = isText ? ingestionHost(host) : "";
  if (isHttpUrl(address)) return address;
  throw new OptionError(path, "expected an address, such as https://eu.i.posthog.com");
}

function readKey(path: string, value: unknown, problemOf?: typeof projectKeyProblem): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new OptionError(path, "expected a non-empty string: is its environment variable set?");
  }
  return soundKey(path, value.trim(), problemOf);
}
