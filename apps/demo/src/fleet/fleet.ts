import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkerReport } from "./report.js";

/** A process of the fleet. */
export interface FleetWorker {
  readonly name: string;
  /** `null` before the first report. */
  readonly last: WorkerReport | null;
  readonly isRunning: boolean;
}

/** The processes of the fleet. */
export class Fleet {
  readonly #members: Member[] = [];
  readonly #args: readonly string[];
  readonly #onReport: () => void;
  /** When each release reached each worker, by `performance.now()`: release → worker → time. */
  readonly #reachedAtMs = new Map<number, Map<string, number>>();
  readonly #breaches: string[] = [];

  constructor(args: readonly string[], onReport: () => void) {
    this.#args = args;
    this.#onReport = onReport;
  }

  /** All workers in the order of their starts, including dead ones. */
  get workers(): readonly FleetWorker[] {
    return this.#members;
  }

  get running(): readonly FleetWorker[] {
    return this.#members.filter(({ isRunning }) => isRunning);
  }

  /** Workers that returned to an older release, or ended on their own. Both are faults. */
  get breaches(): readonly string[] {
    return this.#breaches;
  }

  get leader(): FleetWorker | null {
    return this.running.find(({ last }) => last?.role === "leader") ?? null;
  }

  start(): FleetWorker {
    const file = fileURLToPath(new URL("./fleet/worker.js", import.meta.url));
    const child = fork(file, [...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const member: Member = {
      name: `worker ${this.#members.length + 1}`,
      child,
      ended: once(child, "exit"),
      last: null,
      isRunning: true,
      isToEnd: false,
    };
    child.on("message", (report: WorkerReport) => this.#take(member, report));
    child.on("exit", (code, signal) => {
      member.isRunning = false;
      if (!member.isToEnd) this.#breaches.push(`${member.name} ended with ${signal ?? code}`);
    });
    this.#members.push(member);
    return member;
  }

  /** Kills a worker with SIGKILL, and resolves when it has ended. */
  async kill(worker: FleetWorker): Promise<void> {
    const member = this.#members.find((it) => it === worker);
    if (member === undefined) return;
    member.isToEnd = true;
    member.child.kill("SIGKILL");
    await member.ended;
  }

  /** Closes all workers. Kills those that do not end in time, and resolves to their number. */
  async close(withinMs: number): Promise<number> {
    const members = this.#members.filter(({ isRunning }) => isRunning);
    let stuck = 0;
    await Promise.all(
      members.map(async (member) => {
        const { child, ended } = member;
        member.isToEnd = true;
        const timer = setTimeout(() => {
          stuck += 1;
          child.kill("SIGKILL");
        }, withinMs);
        child.send("close", () => {}); // it may have already ended
        await ended;
        clearTimeout(timer);
      }),
    );
    return stuck;
  }

  /** Returns when a release reached the last running worker; `null` if it has not. */
  reachedAllAtMs(release: number): number | null {
    const reached = this.#reachedAtMs.get(release);
    const times = this.running.map(({ name }) => reached?.get(name) ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...times);
    return Number.isFinite(last) ? last : null;
  }

  #take(member: Member, report: WorkerReport): void {
    const { last, name } = member;
    if (last !== null && report.release < last.release) {
      this.#breaches.push(`${name} returned from release ${last.release} to ${report.release}`);
    }
    member.last = report;
    if (report.release !== last?.release) {
      const reached = this.#reachedAtMs.get(report.release) ?? new Map<string, number>();
      this.#reachedAtMs.set(report.release, reached.set(name, performance.now()));
    }
    this.#onReport();
  }
}

interface Member extends FleetWorker {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  last: WorkerReport | null;
  isRunning: boolean;
  isToEnd: boolean;
}
