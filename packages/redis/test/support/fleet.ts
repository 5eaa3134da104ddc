import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  checkHistory,
  machineMs,
  type RedisServer,
  type Served,
  startRedis,
  startVendor,
  startWorker,
  type Vendor,
  type VendorRequest,
  type WorkerEnd,
  type WorkerEvent,
  type WorkerHistory,
  type WorkerProcess,
} from "@sortition/test-kit/redis";
import { StoreObserver } from "./observer.js";
import { busyMs } from "./times.js";
import { SCOPE, type Target, type WorkerSettings, type WorkerStatus } from "./worker-options.js";

const ENTRY = fileURLToPath(new URL("worker.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** The timings of the fault plan, which are shorter than in production. */
export const TIMINGS = {
  pollIntervalMs: 1_000,
  leaseMs: 600,
  tickMs: 300,
  claimMs: 2_000,
  commandTimeoutMs: 200,
  connectTimeoutMs: 500,
} as const;

/** Timings of a leader that a busy machine does not make lose its lease. */
export const LASTING = { leaseMs: 10_000, commandTimeoutMs: 2_000, claimMs: 5_000 } as const;

/** Returns the timings, this many times as long, for scenarios that a busy machine would disturb. */
export function slower(times: number): Readonly<Record<keyof typeof TIMINGS, number>> {
  const entries = Object.entries(TIMINGS).map(([name, ms]) => [name, times * ms]);
  return Object.fromEntries(entries) as Record<keyof typeof TIMINGS, number>; // the same names
}

export const NAMESPACE = "drill";

/** Forty processes that load their modules at once take a long time on a busy machine. */
const START_TIMEOUT_MS = 200_000;

/**
 * Time limit of expected events on a busy machine. The record is used to check how fast they
 * happened.
 */
const PATIENCE_MS = 200_000;

/** Interval of checks, and interval of checks that query every worker. */
const LOOK_MS = 5;
const ROLES_MS = 30;

/** Number of windows in which a fleet on a busy machine must start to share its polls. */
const MAX_WINDOWS = 4;

/** Returns the key or channel of a name of the configuration. */
function keyOf(name: string): string {
  return `sortition:{${NAMESPACE}-${SCOPE.slice(0, 12)}}:v1:${name}`;
}

/** The keys of the fleet, and its channel `changed`. */
export const KEYS: Readonly<
  Record<"lease" | "fence" | "gate" | "poll" | "config" | "changed", string>
> = {
  lease: keyOf("lease"),
  fence: keyOf("fence"),
  gate: keyOf("gate"),
  poll: keyOf("poll"),
  config: keyOf("config"),
  changed: keyOf("changed"),
};

/** How a fleet is started. */
export interface FleetSettings {
  /** Number of initial workers. */
  readonly workers: number;
  /** Default: a new server, which the fleet stops. */
  readonly server?: RedisServer;
  readonly vendor?: Vendor;
  /** Default: the server's URL. */
  readonly target?: Target;
  /** Additional options of `redis()`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Ports of the servers to observe. Default: only the server's. */
  readonly observedPorts?: () => readonly number[];
  /** Whether one of those servers may replace another without its latest writes. */
  readonly hasReplica?: boolean;
  readonly configKey?: string;
  readonly worker?: Partial<WorkerSettings>;
  /** Replaced source files, by the ends of their names. */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Major version of ioredis of all workers. Default: alternates between 6 and 5. */
  readonly ioredis?: 5 | 6;
  /** Whether to return before the first workers are ready. */
  readonly isAsync?: boolean;
}

/** Workers, with their roles at one moment. */
type Roles = readonly (readonly [FleetWorker, role: string])[];

/** Settings that differ for one worker. */
export interface WorkerChanges {
  readonly target?: Target;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly worker?: Partial<WorkerSettings>;
  readonly ioredis?: 5 | 6;
}

/** A worker of a fleet. */
export class FleetWorker {
  #isStopped = false;
  #isClosed = false;

  constructor(
    readonly id: string,
    readonly process: WorkerProcess,
    readonly startedAtMs: number,
  ) {}

  get events(): readonly WorkerEvent[] {
    return this.process.events;
  }

  get served(): readonly Served[] {
    return this.events.filter(({ name }) => name === "served") as unknown as readonly Served[];
  }

  get version(): number | null {
    return this.served.at(-1)?.version ?? null;
  }

  get revision(): number | null {
    return this.served.at(-1)?.revision ?? null;
  }

  /** Whether it serves, i.e. it runs, is not stopped by a signal, and has not closed its client. */
  get isPresent(): boolean {
    return this.canEnd && !this.#isClosed;
  }

  /** Whether it runs and is not stopped by a signal. */
  get canEnd(): boolean {
    return this.process.isRunning && !this.#isStopped;
  }

  /** Returns the events of a message logged by its client or source. */
  logged(message: string): readonly WorkerEvent[] {
    return this.events.filter((event) => event.name === "log" && event["message"] === message);
  }

  /** Returns when it first served this version or a later one. */
  servedAtMs(version: number): number | null {
    return this.served.find((served) => (served.version ?? 0) >= version)?.atMs ?? null;
  }

  async status(): Promise<WorkerStatus> {
    return (await this.process.ask("status")) as WorkerStatus;
  }

  ask(request: string, value?: unknown): Promise<unknown> {
    return this.process.ask(request, value);
  }

  event(name: string, timeoutMs?: number): Promise<WorkerEvent> {
    return this.process.event((event) => event.name === name, timeoutMs);
  }

  /** Waits for the next event of this name. */
  nextEvent(name: string, timeoutMs?: number): Promise<WorkerEvent> {
    const nowMs = machineMs();
    return this.process.event((event) => event.name === name && event.atMs > nowMs, timeoutMs);
  }

  /** Closes its client. Resolves with the time that took. */
  async close(): Promise<number> {
    this.#isClosed = true;
    return Number(await this.process.ask("close"));
  }

  stop(): void {
    this.#isStopped = true;
    this.process.kill("SIGSTOP");
  }

  continue(): void {
    this.#isStopped = false;
    this.process.kill("SIGCONT");
  }

  async kill(): Promise<WorkerEnd> {
    this.process.kill("SIGKILL");
    return this.process.ended;
  }

  history(role: string | null): WorkerHistory {
    const faults = this.events
      .filter(({ name }) => FAULTS.includes(name))
      .map(({ name, message }) => `${name}: ${message}`);
    return { id: this.id, served: this.served, faults, final: role === null ? null : { role } };
  }
}

const FAULTS: readonly string[] = ["unhandled-rejection", "uncaught-exception", "warning"];

/** Worker processes that share one Redis and one vendor, and a record of their actions. */
export class Fleet implements AsyncDisposable {
  readonly workers: FleetWorker[] = [];
  readonly startedAtMs: number = machineMs();
  #count = 0;

  private constructor(
    readonly settings: FleetSettings,
    readonly server: RedisServer,
    readonly vendor: Vendor,
    readonly observer: StoreObserver,
  ) {}

  /** Starts everything. Resolves when all workers serve the first version. */
  static async start(settings: FleetSettings): Promise<Fleet> {
    const server = settings.server ?? (await startRedis());
    const vendor = settings.vendor ?? (await startVendor());
    const ports = settings.observedPorts ?? (() => [server.port]);
    const { configKey = KEYS.config, hasReplica = false } = settings;
    const observer = new StoreObserver(ports, configKey, hasReplica);
    const fleet = new Fleet(settings, server, vendor, observer);
    try {
      if (settings.server === undefined) await writeForeignKeys(server);
      await fleet.add(settings.workers);
      if (settings.isAsync !== true) await fleet.untilAll(vendor.version);
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
    return fleet;
  }

  /** Starts more workers. Resolves when they are created, which may be before they are ready. */
  async add(count: number, changes: WorkerChanges = {}): Promise<FleetWorker[]> {
    return Promise.all(Array.from({ length: count }, () => this.#addOne(changes)));
  }

  async #addOne({ ioredis, options, target, worker }: WorkerChanges): Promise<FleetWorker> {
    this.#count += 1;
    const id = `w${this.#count}`;
    const { settings } = this;
    const workerSettings: WorkerSettings = {
      id,
      target: target ?? settings.target ?? { kind: "url", url: this.server.url },
      vendorUrl: this.vendor.url,
      fleet: { namespace: NAMESPACE, ...TIMINGS, ...settings.options, ...options },
      requestTimeoutMs: 5_000,
      holdMs: 0,
      isHeld: false,
      ...settings.worker,
      ...worker,
    };
    const major = ioredis ?? settings.ioredis ?? (this.#count % 2 === 0 ? 5 : 6);
    const startedAtMs = machineMs();
    const child = await startWorker({
      entry: ENTRY,
      cwd: PACKAGE,
      options: workerSettings,
      ...(major === 5 ? { aliases: { ioredis: "ioredis5" } } : {}),
      ...(settings.replaced === undefined ? {} : { replaced: settings.replaced }),
    });
    const added = new FleetWorker(id, child, startedAtMs);
    this.workers.push(added);
    await added.event("loaded", START_TIMEOUT_MS);
    return added;
  }

  /** Workers that run and are not stopped. */
  get present(): readonly FleetWorker[] {
    return this.workers.filter(({ isPresent }) => isPresent);
  }

  /** Time on the clock that all events use. */
  now(): number {
    return machineMs();
  }

  /** Requests that the vendor received in a period. */
  polls(fromMs = 0, toMs: number = Number.POSITIVE_INFINITY): readonly VendorRequest[] {
    return this.vendor.requests.filter(({ atMs }) => fromMs <= atMs && atMs <= toMs);
  }

  /**
   * How often a worker took the lease since a moment. Without a fault, this only happens on a busy
   * machine.
   */
  takeovers(fromMs: number): number {
    const taken = this.workers.flatMap((worker) => worker.logged("became leader"));
    return taken.filter(({ atMs }) => atMs >= fromMs).length;
  }

  /** Ids of the workers that have polled directly because they could not reach Redis. */
  directPollers(): ReadonlySet<string> {
    const direct = this.workers.filter(
      (worker) => worker.logged("redis unusable, polling directly").length > 0,
    );
    return new Set(direct.map(({ id }) => id));
  }

  /** Maximum number of polls that one poller may have made since a moment. */
  mostPolls(fromMs: number): number {
    const { pollIntervalMs } = { ...TIMINGS, ...this.settings.options };
    return Math.floor((this.now() - fromMs) / pollIntervalMs) + 1;
  }

  /**
   * Waits until the fleet makes one poll per interval. On a quiet machine, it must do so
   * immediately.
   */
  async untilShared(): Promise<void> {
    const windows = Math.min(MAX_WINDOWS, 1 + Math.floor(busyMs() / TIMINGS.tickMs));
    for (let i = 1; ; i++) {
      const fromMs = this.now();
      await delay(2 * TIMINGS.pollIntervalMs);
      const [count, most] = [this.polls(fromMs).length, this.mostPolls(fromMs)];
      if (count <= most) return;
      if (i >= windows) throw new Error(`${count} polls instead of ${most} at most\n${this}`);
    }
  }

  /** Waits for a condition. @throws {Error} that names the expected condition. */
  async until(
    what: string,
    condition: () => boolean | Promise<boolean>,
    timeoutMs: number = PATIENCE_MS,
    everyMs: number = LOOK_MS,
  ): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`not in ${timeoutMs} ms: ${what}\n${this}`);
      await delay(everyMs);
    }
  }

  /** Waits until all present workers serve a version. Resolves with the time of the last one. */
  async untilAll(version: number, timeoutMs: number = PATIENCE_MS): Promise<number> {
    const all = (): boolean => this.present.every((worker) => (worker.version ?? 0) >= version);
    await this.until(`all serve version ${version}`, all, timeoutMs);
    return Math.max(...this.present.map((worker) => worker.servedAtMs(version) ?? 0));
  }

  /** Waits until exactly one present worker leads, and returns it. */
  async leader(timeoutMs: number = PATIENCE_MS): Promise<FleetWorker> {
    const roles = await this.#rolesWithLeader(timeoutMs);
    const [found] = roles.find(([, role]) => role === "leader") ?? [];
    if (found === undefined) throw new Error("no leader");
    return found;
  }

  /** Waits until exactly one present worker leads, and returns the roles of that moment. */
  async #rolesWithLeader(timeoutMs: number): Promise<Roles> {
    let roles: Roles = [];
    const look = async (): Promise<boolean> => {
      roles = await this.roles();
      return roles.filter(([, role]) => role === "leader").length === 1;
    };
    await this.until("one leader", look, timeoutMs, ROLES_MS);
    return roles;
  }

  async followers(): Promise<FleetWorker[]> {
    const leader = await this.leader();
    return this.present.filter((worker) => worker !== leader);
  }

  async roles(): Promise<Roles> {
    const statuses = this.present.map(async (worker) => {
      const status = await worker.status().catch(() => null);
      return [worker, status?.fleet.role ?? "gone"] as const;
    });
    return Promise.all(statuses);
  }

  /**
   * Makes one more change, waits until all workers agree, and returns the violations in the whole
   * history.
   *
   * @param soleRole - the role that exactly one worker must have then. `null`: any.
   */
  async finish({
    soleRole = "leader",
    timeoutMs = PATIENCE_MS,
  }: {
    readonly soleRole?: string | null;
    readonly timeoutMs?: number;
  } = {}): Promise<string[]> {
    const version = this.vendor.change();
    await this.untilAll(version, timeoutMs).catch(() => {}); // the checker reports this in more detail
    let roles: Roles | null = null;
    if (soleRole !== null) {
      const agrees = (): boolean =>
        new Set(this.present.map(({ revision }) => revision)).size === 1;
      await this.until("one revision", agrees, timeoutMs).catch(() => {});
      // On a busy machine, the lease may move right after this.
      roles = await this.#rolesWithLeader(timeoutMs).catch(() => null);
    }
    const roleOf = new Map(roles ?? (await this.roles()));
    await this.observer.end();
    const violations = checkHistory({
      workers: this.workers.map((worker) => worker.history(roleOf.get(worker) ?? null)),
      stored: this.observer.states,
      finalVersion: version,
      soleRole,
    });
    violations.push(...(await this.#endWorkers()));
    if (this.settings.server === undefined)
      violations.push(...(await checkForeignKeys(this.server)));
    return violations.length === 0 ? [] : [...violations, String(this)];
  }

  /** Closes all workers, and returns what went wrong. */
  async #endWorkers(): Promise<string[]> {
    const violations: string[] = [];
    await Promise.all(
      this.workers
        .filter(({ canEnd }) => canEnd)
        .map(async ({ id, process }) => {
          await process.ask("close").catch(() => {}); // rejects if it was never started
          void process.ask("end").catch(() => {}); // the reply may be lost
          const timeout = delay(PATIENCE_MS, null, { ref: false });
          const end = await Promise.race([process.ended, timeout]);
          if (end === null) violations.push(`${id}: does not exit`);
          else if (end.exitCode !== 0) violations.push(`${id}: exits with ${end.exitCode}`);
          if (end !== null && end.stdout !== "") violations.push(`${id}: wrote to stdout`);
          if (end !== null && end.stderr !== "") violations.push(`${id}: wrote ${end.stderr}`);
        }),
    );
    return violations;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.observer.end();
    for (const { process } of this.workers) process.kill("SIGKILL");
    await Promise.all(this.workers.map(({ process }) => process.ended));
    if (this.settings.vendor === undefined) await this.vendor.close();
    if (this.settings.server === undefined) await this.server.close();
  }

  /** Formats recent events for the message of a failed test. */
  toString(): string {
    const lines = this.workers.flatMap((worker) =>
      worker.events.map((event) => {
        const { atMs, name, ...facts } = event;
        const time = (atMs - this.startedAtMs).toFixed(0).padStart(6);
        return { atMs, line: `${time} ${worker.id} ${name} ${JSON.stringify(facts)}` };
      }),
    );
    const polls = this.vendor.requests.map(({ atMs, status, version, worker }) => ({
      atMs,
      line: `${(atMs - this.startedAtMs).toFixed(0).padStart(6)} vendor ${worker} v${version} ${status}`,
    }));
    const stored = this.observer.states.map(({ atMs, ...facts }) => ({
      atMs,
      line: `${(atMs - this.startedAtMs).toFixed(0).padStart(6)} redis ${JSON.stringify(facts)}`,
    }));
    return [...lines, ...polls, ...stored]
      .sort((a, b) => a.atMs - b.atMs)
      .slice(-80)
      .map(({ line }) => line)
      .join("\n");
  }
}

const FOREIGN_KEYS: readonly string[] = Array.from({ length: 10 }, (_, i) => `foreign:${i}`);

/** Writes keys that a fleet must not touch. */
async function writeForeignKeys(server: RedisServer): Promise<void> {
  for (const key of FOREIGN_KEYS) await server.command("HSET", key, "rev", 1, "sha", key);
}

/**
 * Returns violations of foreign keys. A test may have emptied Redis, but a fleet would change or
 * delete single keys.
 */
async function checkForeignKeys(server: RedisServer): Promise<string[]> {
  const violations: string[] = [];
  let missing = 0;
  for (const key of FOREIGN_KEYS) {
    const fields = await server.command("HGETALL", key).catch(() => []);
    if (Array.isArray(fields) && fields.length === 0) missing += 1;
    else if (String(fields) !== `rev,1,sha,${key}`) violations.push(`${key} was changed`);
  }
  if (missing > 0 && missing < FOREIGN_KEYS.length) violations.push("foreign keys were deleted");
  return violations;
}
