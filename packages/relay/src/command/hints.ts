import type { ServedName } from "../config/config.js";

/** The line that users of one SDK change, which sets the relay's address. */
export interface SdkHint {
  readonly sdk: string;
  /** Returns the line for a relay at this URL. */
  line(url: string): string;
  /** Whether the SDK rejects a URL with a path, so it can only reach the default environment. */
  readonly takesNoPath?: true;
}

/** Hints by vendor, in the order in which they are printed. docs/reference/relay.md has a table of them. */
export const SDK_HINTS: Readonly<Record<ServedName, readonly SdkHint[]>> = {
  eppo: [
    { sdk: "Node", line: (url) => `init({ apiKey, baseUrl: "${url}" })` },
    { sdk: "Python", line: (url) => `Config(api_key=…, base_url="${url}")` },
    { sdk: "Go", line: (url) => `eppoclient.Config{SdkKey: …, BaseUrl: "${url}"}` },
    { sdk: "Java", line: (url) => `EppoClient.builder(…).apiBaseUrl("${url}")` },
    { sdk: "Ruby", line: (url) => `EppoClient::Config.new(…, base_url: "${url}")` },
    { sdk: "PHP", line: (url) => `EppoClient::init($apiKey, "${url}")` },
  ],
  growthbook: [
    { sdk: "Node", line: (url) => `new GrowthBookClient({ clientKey, apiHost: "${url}" })` },
    { sdk: "Python", line: (url) => `GrowthBook(client_key=…, api_host="${url}")` },
    { sdk: "Go", line: (url) => `growthbook.WithApiHost("${url}")` },
    { sdk: "Java", line: (url) => `GBFeaturesRepository.builder().apiHost("${url}")` },
    { sdk: "Ruby", line: (url) => `FeatureRepository.new(endpoint: "${url}/api/features/…")` },
    { sdk: "PHP", line: (url) => `$growthbook->initialize("…", "${url}")` },
  ],
  amplitude: [
    {
      sdk: "Node",
      line: (url) => `initializeLocal(key, { serverUrl: "${url}", streamServerUrl: "${url}" })`,
    },
    {
      sdk: "Python",
      line: (url) => `LocalEvaluationConfig(server_url="${url}")`,
      takesNoPath: true,
    },
    { sdk: "Go", line: (url) => `local.Config{ServerUrl: "${url}"}` },
    { sdk: "Java", line: (url) => `LocalEvaluationConfig.builder().serverUrl("${url}")` },
    { sdk: "Ruby", line: (url) => `LocalEvaluationConfig.new(server_url: "${url}")` },
    { sdk: "PHP", line: (url) => `LocalEvaluationConfig::builder()->serverUrl("${url}")` },
  ],
  posthog: [
    { sdk: "Node", line: (url) => `new PostHog(projectKey, { secretKey, host: "${url}" })` },
    { sdk: "Python", line: (url) => `Posthog(project_api_key=…, host="${url}")` },
    { sdk: "Go", line: (url) => `posthog.Config{Endpoint: "${url}"}` },
    { sdk: "Java", line: (url) => `PostHogConfig.builder(…).host("${url}")` },
    { sdk: "Ruby", line: (url) => `PostHog::Client.new(host: "${url}")` },
    {
      sdk: "PHP",
      line: (url) => `PostHog::init($apiKey, ["host" => "${url}", "ssl" => false])`,
    },
  ],
};

/** Returns the text that a relay for one environment prints after its first configuration. */
export function hintText(dialect: ServedName, url: string): string {
  const hints = SDK_HINTS[dialect];
  const width = Math.max(...hints.map(({ sdk }) => sdk.length));
  const lines = hints.map(({ line, sdk }) => `  ${sdk.padEnd(width)}  ${line(url)}\n`);
  return `Flags are served at ${url}. In your SDK, change the address and keep the key:\n${lines.join("")}`;
}
