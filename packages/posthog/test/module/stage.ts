import { afterEach, beforeEach, vi } from "vitest";
import * as posthog from "../../src/index.js";
import { FlagServer, type FlagServerOptions } from "../client/flag-server.js";

const { settings } = posthog;
export const DEFAULTS: Readonly<posthog.Settings> = { ...settings };

export type Members = Readonly<Record<string, unknown>>;

export interface SentEvent extends Members {
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Members;
}

const FLAG = {
  key: "banner",
  enabled: true,
  variant: "blue",
  reason: { description: "Matched" },
  metadata: { id: 1, version: 2, payload: '{"a":1}' },
};

/** The server of the shared client, and the lines of the console. */
export const stage: { server: FlagServer; lines: string[] } = {
  server: new FlagServer({}),
  lines: [],
};

/** Replaces the shared client, whose requests do not leave the process. */
export function start(
  answers: FlagServerOptions = { flags: { flags: { banner: FLAG } } },
  options: posthog.PostHogOptions = {},
): posthog.PostHog {
  stage.server = new FlagServer(answers);
  const client = new posthog.PostHog("phc_key", {
    ...{ fetch: stage.server.fetch, disableCompression: true, flushAt: 1_000 },
    ...options,
  });
  settings.defaultClient = client;
  return client;
}

export async function sent(): Promise<readonly SentEvent[]> {
  await posthog.flush();
  return stage.server.events as readonly SentEvent[]; // the client has sent them
}

/** Bodies of the requests for flags. */
export const asked = (): readonly Members[] =>
  stage.server.requests.flatMap(({ body, path }) =>
    path.startsWith("/flags") ? [body as Members] : [],
  );

/** Starts each test with the default settings and a new shared client. */
export function useStage(): void {
  beforeEach(() => {
    Object.assign(settings, DEFAULTS, { projectApiKey: "phc_key", defaultClient: null });
    stage.lines = [];
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((line) => void stage.lines.push(String(line)));
    }
    start();
  });
  afterEach(async () => {
    await posthog.shutdown();
    vi.restoreAllMocks();
  });
}
