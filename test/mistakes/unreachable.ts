/** Faults of a server. The test server selects the first ones by the path of the request. */
export const FAULTS = [
  ...["hang", "html", "empty", "half", "cut", "moved", "reset"],
  ...["400", "401", "404", "429", "503"],
  ...["refused", "unknown", "no-tls", "certificate"],
] as const;

/** A program that sends a request to the server at `address`, with the shortest time limits. */
interface Asking {
  readonly client: string;
  /** The statements, after the imports of {@link unreachableProgram}. */
  readonly ask: string;
  /** Faults that print no line. */
  readonly silent?: readonly string[];
}

/** One program for each way in which our packages send requests. */
export const ASKING: readonly Asking[] = [
  {
    client: "native",
    ask: `const options = { apiKey: "k", requestTimeoutMs: 1_000, assignmentLogger: null };
      const client = createClient({ ...options, baseUrl: address });
      await client.waitForInitialization({ timeoutMs: 1_500 });
      await client.close();`,
  },
  {
    client: "eppo",
    ask: `await initEppo({ apiKey: "k", baseUrl: address, requestTimeoutMs: 1_000, numInitialRequestRetries: 0, assignmentLogger: { logAssignment() {} } });`,
  },
  ...["", "remoteEval: true"].map((option) => ({
    client: `growthbook ${option}`,
    silent: ["empty", "half"], // the warning about HTML was already printed for this host
    ask: `configureCache({ requestTimeout: 1_000 });
      await new GrowthBook({ apiHost: address, clientKey: "sdk-" + fault, ${option} }).init({ timeout: 1_500 });`,
  })),
  {
    client: "amplitude, local",
    ask: `const client = Experiment.initializeLocal(address, { serverUrl: address, startTimeoutMillis: 1_500 });
      await client.start().finally(() => client.stop());`,
  },
  ...["fetchTimeoutMillis", "fetchDeadlineMillis"].map((option) => ({
    client: `amplitude, remote, ${option}`,
    ask: `const options = { serverUrl: address, fetchRetries: 0, ${option}: 1_000, instanceName: address };
      await Experiment.initializeRemote("k", options).fetchV2({ user_id: "u" });`,
  })),
  {
    client: "posthog, flags",
    ask: `const client = new PostHog("phc", { host: address, featureFlagsRequestTimeoutMs: 1_000 });
      await client.isFeatureEnabled("banner", "u", { sendFeatureFlagEvents: false });`,
  },
  {
    client: "posthog, definitions",
    ask: `const client = new PostHog("phc", { host: address, secretKey: "phx", requestTimeout: 1_000 });
      await client.waitForLocalEvaluationReady(1_500);
      await client.shutdown(10);`,
  },
  {
    client: "posthog, remote configuration",
    ask: `const options = { secretKey: "phx", enableLocalEvaluation: false, requestTimeout: 1_000 };
      await new PostHog("phc", { host: address, ...options }).getRemoteConfigPayload("banner");`,
  },
  {
    client: "posthog, events at shutdown",
    silent: ["html", "empty", "half", "cut"], // the status says that the events were accepted
    ask: `const client = new PostHog("phc", { host: address, fetchRetryCount: 0 });
      client.capture({ distinctId: "u", event: "e" });
      await client.shutdown(1_000);`,
  },
];

/**
 * Returns a program that requests each address, after it has printed `@@ fault` to stderr. On a busy machine, a client may
 * start before its request has timed out, so the program waits for the line of each fault that is not silent.
 */
export function unreachableProgram(
  { ask, silent = [] }: Asking,
  addresses: Readonly<Record<string, string>>,
): string {
  return `
    import { setTimeout as wait } from "node:timers/promises";
    import { createClient } from "@sortition/node";
    import { init as initEppo } from "EPPO_FILE";
    import { configureCache, GrowthBook } from "@sortition/growthbook";
    import { Experiment } from "@sortition/amplitude";
    import { PostHog } from "@sortition/posthog";
    let printed = 0;
    const { write } = process.stderr;
    process.stderr.write = function (...args) {
      printed += 1;
      return write.apply(this, args);
    };
    for (const [fault, address] of Object.entries(${JSON.stringify(addresses)})) {
      console.error("@@ " + fault);
      const before = printed;
      try {
        ${ask}
      } catch (error) {
        console.error(String(error));
      }
      const isSilent = ${JSON.stringify(silent)}.includes(fault);
      for (let i = 0; i < 200 && !isSilent && printed === before; i++) await wait(100);
    }
    process.exit();`;
}
