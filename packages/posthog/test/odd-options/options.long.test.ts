import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  describeOddOptions,
  type OddDifference,
  type OddFinding,
  type OddSide,
} from "@sortition/dialect-kit/odd-options";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, vi } from "vitest";
import { PostHog } from "../../src/index.js";
import { type Fault, HOST, play, type SceneClient, sceneFetch } from "./scene.js";

const entry = createRequire(import.meta.url).resolve("posthog-node");
const FAULTS: readonly Fault[] = ["none", "refuses", "hangs"];

const side =
  (Client: new (...given: never[]) => unknown): OddSide =>
  async ([key, options]) => {
    const create = (given: unknown) => () =>
      new Client(...([key, given] as never[])) as SceneClient;
    const { fetch } = (options ?? {}) as { readonly fetch?: unknown };
    const others = othersOf(options);
    // Requests would leave the process.
    if (fetch !== sceneFetch) return play(create(options), "unused");
    const scenes: unknown[] = [];
    for (const fault of FAULTS) {
      // We send events of failed requests later, as the page documents.
      const quiet = fault === "none" ? {} : { flushInterval: 0 };
      scenes.push(await play(create({ ...quiet, ...others, ...(options as object) }), fault));
    }
    return scenes;
  };

/** Returns options without which the tested one has no effect. */
function othersOf(options: unknown): object {
  const names = Object.keys(options ?? {});
  return {
    ...(names.some((name) => name.startsWith("waitUntil")) ? { waitUntil: () => {} } : {}),
    ...(names.includes("custom_blocked_useragents")
      ? { __preview_capture_bot_pageviews: true }
      : {}),
  };
}

const NO_NUMBER = ["NaN"];
const NO_TIME = ["NaN", "0", "-1", "Infinity"];
const DAYS = "1000000000";

/** Matches the values of some options. */
const among =
  (names: readonly string[], values: readonly string[]) =>
  ({ input, value }: OddFinding): boolean =>
    names.includes(input.replace("options.", "")) && values.includes(value);

const DIFFERENCES: readonly OddDifference[] = [
  {
    name: "deadlines",
    because:
      "requests time out after at most 1 ms. A request with a timeout of days outlasts the client",
    explains: (finding) =>
      among(["requestTimeout", "featureFlagsRequestTimeoutMs"], NO_TIME)(finding) ||
      among(["featureFlagsRequestTimeoutMs"], [DAYS])(finding),
  },
  {
    name: "tries",
    because: "sends no request at all",
    explains: among(["fetchRetryCount", "featureFlagsRequestMaxRetries"], [...NO_NUMBER, "-1"]),
  },
  {
    name: "sizes",
    because: "sends an endless series of requests without events",
    explains: among(["flushAt", "maxBatchSize"], NO_NUMBER),
  },
  {
    name: "polling",
    because: "fetches definitions a thousand times per second",
    explains: among(["featureFlagsPollingInterval"], ["NaN", "Infinity"]),
  },
];

beforeAll(() => {
  for (const level of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeOddOptions("posthog-node", {
  declarations: entry.replace(/\.c?js$/, ".d.ts"),
  isVendorFile: (path) => /node_modules\/(posthog-node|@posthog\/core)\//.test(path),
  calls: [
    {
      callee: "new PostHog",
      isTyped: true,
      valid: () => [
        "phc_key",
        {
          ...{ host: HOST, secretKey: "phx_key", fetch: sceneFetch },
          disableCompression: true,
        },
      ],
      theirs: side(VendorPostHog),
      ours: side(PostHog),
      // Without a `fetch`, requests would leave the process. See ours.test.ts.
      isOffered: (input) => input !== "options.fetch",
    },
  ],
  page: fileURLToPath(new URL("../../../../docs/vendors/posthog.md", import.meta.url)),
  differences: DIFFERENCES,
});
