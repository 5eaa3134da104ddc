// Checked by `tsc`, never run: tests of the public types.
import {
  type AssignmentDetails,
  type AssignmentEvent,
  type AssignmentLogger,
  type Client,
  type ClientEvents,
  type ClientListener,
  type ClientOptions,
  type ClientStatus,
  type ConfigurationFiles,
  type ConfigurationOrigin,
  type ConfigurationSource,
  createClient,
  type DiskCacheOptions,
  type DiskState,
  type EvaluationDetails,
  type FileSourceOptions,
  type FlushableClient,
  type FlushResult,
  fileSource,
  getInstance,
  type HttpOriginOptions,
  httpOrigin,
  init,
  installShutdownHooks,
  type NotReadyError,
  type PollingSourceOptions,
  pollingSource,
  type ReadyResult,
  type RefreshResult,
  type ShutdownOptions,
  type StreamStatus,
} from "@sortition/node";

/** Compiles only if both types are identical. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const same = <A, B>(_: Same<A, B>): void => {};

declare const options: ClientOptions;
declare const listener: ClientListener<"error">;

export async function contract(): Promise<void> {
  const client = createClient(options);
  same<typeof client, Client<EvaluationDetails>>(true);
  const initialized = await init(options);
  same<typeof initialized, Client<EvaluationDetails>>(true);
  const instance = getInstance();
  same<typeof instance, Client<EvaluationDetails>>(true);

  const details = client.getBooleanAssignmentDetails("flag", "alice", {}, false);
  same<typeof details, AssignmentDetails<boolean, EvaluationDetails>>(true);
  // @ts-expect-error: the default has to be of the getter's type
  client.getBooleanAssignment("flag", "alice", {}, "no");
  // @ts-expect-error: the getter is GrowthBook's
  client.getFeatureValue("flag", "off");

  same<Awaited<ReturnType<typeof client.waitForInitialization>>, ReadyResult>(true);
  same<Awaited<ReturnType<typeof client.refresh>>, RefreshResult>(true);
  same<Awaited<ReturnType<typeof client.flush>>, FlushResult>(true);
  same<typeof client.status, ClientStatus>(true);
  client.on("error", listener);
  client.on("ready", (event) => same<typeof event, ClientEvents["ready"]>(true));
  // @ts-expect-error: unknown event
  client.on("redy", () => {});

  // @ts-expect-error: unknown option
  createClient({ apiKey: "k", pollInterval: 1_000 });
  createClient({ apiKey: process.env["KEY"], pollIntervalMs: null, assignmentLogger: null });

  const originOptions: HttpOriginOptions = { apiKey: "k" };
  const origin: ConfigurationOrigin = httpOrigin(originOptions);
  const pacing: PollingSourceOptions = { pollIntervalMs: 1_000 };
  const source: ConfigurationSource = pollingSource(origin, pacing);
  const files: ConfigurationFiles = { flags: "flags.json" };
  const following: FileSourceOptions = { watch: false };
  createClient({ source: fileSource(files, following) });
  createClient({ source: fileSource("flags.json") });
  // @ts-expect-error: there are flags in any configuration
  fileSource({ bandits: "bandits.json" });
  const diskCache: DiskCacheOptions = { directory: "/var/cache" };
  createClient({ apiKey: "k", diskCache });
  same<typeof client.status.disk, DiskState>(true);
  same<typeof client.status.stream, StreamStatus | null>(true);
  const closable: FlushableClient = client;
  const ending: ShutdownOptions = { signals: ["SIGTERM"] };
  const uninstall: () => void = installShutdownHooks([client, closable], ending);
  uninstall();
  const assignmentLogger: AssignmentLogger = { logAssignment: (_event: AssignmentEvent) => {} };
  await using _client = await init({ source, assignmentLogger });
}

export function cause(error: NotReadyError): unknown {
  same<typeof error.code, "SORTITION_NOT_READY">(true);
  return error.cause;
}
