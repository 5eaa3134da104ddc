import {
  DOCUMENTATION_URL,
  keyFault,
  OptionError,
  type OptionHints,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import type { HttpOriginOptions, PollingSourceOptions } from "@sortition/node/internal";
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

const OPTION_NAMES: readonly (keyof PosthogOriginOptions)[] = [
  "projectApiKey",
  "secretKey",
  "host",
  "headers",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "clock",
];

const NO_STREAM: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/streaming.md`,
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

/** @throws OptionError that names the invalid option. */
export function checkedOptions(options: PosthogOriginOptions): CheckedOptions {
  rejectUnknownOptions(options, OPTION_NAMES, undefined, (name) =>
    name === "streaming" ? NO_STREAM : VENDOR_NAMES,
  );
  const projectApiKey = requiredKey("projectApiKey", options.projectApiKey);
  const secretKey = requiredKey("secretKey", options.secretKey);
  refuseProjectKey(secretKey);
  const { host } = options;
  const isText = host === undefined || typeof host === "string";
  const address = isText ? ingestionHost(host) : "";
  if (!isHttpUrl(address)) {
    throw new OptionError("host", "expected an address, such as https://eu.i.posthog.com");
  }
  return { projectApiKey, secretKey, host: address };
}

function requiredKey(option: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new OptionError(option, "expected a non-empty string: is its environment variable set?");
  }
  const key = value.trim();
  const fault = keyFault(key);
  if (fault !== null) throw new OptionError(option, fault);
  return key;
}
