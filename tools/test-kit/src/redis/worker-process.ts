import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type OutputFile, type Plugin } from "esbuild";
import { endWithThisProcess } from "./children.js";

/** An event that a worker reported. `atMs` is its time by `machineMs`. */
export interface WorkerEvent {
  readonly name: string;
  readonly atMs: number;
  readonly [fact: string]: unknown;
}

/** Options of a worker process. */
export interface WorkerOptions {
  /** A TypeScript module that uses `worker-side.ts`. */
  readonly entry: string;
  /** Folder of the package whose dependencies the module imports. */
  readonly cwd: string;
  /** Returned by `workerOptions()` in the worker. */
  readonly options: unknown;
  /** Packages to import instead of others, by the imported names. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Replaced contents of files, by the ends of their names. Used to insert faults. */
  readonly replaced?: Readonly<Record<string, string>>;
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running worker process. */
export interface WorkerProcess {
  readonly isRunning: boolean;
  /** All reported events, in order. */
  readonly events: readonly WorkerEvent[];
  /**
   * Resolves with the first matching event, past or future. @throws {Error} if the worker ends
   * before.
   */
  event(fits: (event: WorkerEvent) => boolean, timeoutMs?: number): Promise<WorkerEvent>;
  /**
   * Sends a request to the worker. @throws {Error} with its message if it fails, or if the worker
   * ends.
   */
  ask(request: string, value?: unknown): Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<WorkerEnd>;
}

/** Messages from a worker to the test. */
export type WorkerMessage =
  | { readonly kind: "event"; readonly event: WorkerEvent }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly value?: unknown;
      readonly error?: string;
    };

/** Messages to a worker. */
export interface WorkerRequest {
  readonly id: number;
  readonly request: string;
  readonly value: unknown;
}

/** Time limit of expected events on a busy machine. */
const PATIENCE_MS = 200_000;

const builds = new Map<string, Promise<string>>();

/** Starts a worker in a separate process. */
export async function startWorker(options: WorkerOptions): Promise<WorkerProcess> {
  const { aliases = {}, cwd, entry, replaced = {} } = options;
  const key = JSON.stringify([entry, cwd, aliases, replaced]);
  const bundle = builds.get(key) ?? bundleWorker(options, key);
  builds.set(key, bundle);

  const child = fork(await bundle, [], {
    cwd,
    execArgv: [],
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      SORTITION_WORKER: JSON.stringify(options.options),
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  endWithThisProcess(child);

  const events: WorkerEvent[] = [];
  const answers = new Map<number, (answer: WorkerMessage & { kind: "answer" }) => void>();
  const listeners = new Set<() => void>();
  const output = { stdout: "", stderr: "" };
  let hasEnded = false;
  let lastId = 0;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  child.on("error", () => {}); // sending to an ended process fails
  child.on("message", (message: WorkerMessage) => {
    if (message.kind === "answer") {
      answers.get(message.id)?.(message);
      answers.delete(message.id);
      return;
    }
    events.push(message.event);
    for (const settle of listeners) settle();
  });
  const ended = once(child, "close").then((): WorkerEnd => {
    hasEnded = true;
    for (const [id, answer] of answers) answer({ kind: "answer", id, error: "the worker ended" });
    for (const settle of listeners) settle();
    return { exitCode: child.exitCode, signal: child.signalCode, ...output };
  });

  return {
    get isRunning() {
      return !hasEnded && child.exitCode === null && child.signalCode === null;
    },
    events,
    event: (fits, timeoutMs = PATIENCE_MS) =>
      new Promise((resolve, reject) => {
        const finish = (end: () => void): void => {
          clearTimeout(timer);
          listeners.delete(settle);
          end();
        };
        const settle = (): void => {
          const found = events.find(fits);
          if (found !== undefined) finish(() => resolve(found));
          else if (hasEnded) finish(() => reject(new Error(`the worker ended\n${output.stderr}`)));
        };
        const timer = setTimeout(() => {
          const names = events.slice(-20).map(({ name }) => name);
          finish(() =>
            reject(new Error(`no such event in ${timeoutMs} ms; last: ${names.join()}`)),
          );
        }, timeoutMs);
        listeners.add(settle);
        settle();
      }),
    ask: (request, value) =>
      new Promise((resolve, reject) => {
        if (hasEnded) {
          reject(new Error("the worker has ended"));
          return;
        }
        lastId += 1;
        answers.set(lastId, ({ error, value: result }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(error));
        });
        const message: WorkerRequest = { id: lastId, request, value };
        child.send(message, () => {}); // without a callback, a lost channel would be an "error" event
      }),
    kill(signal) {
      child.kill(signal);
    },
    ended,
  };
}

/**
 * Bundles the entry with all its imports, because a process that has to resolve its modules needs
 * twice the processor time to start. Dynamic imports are separate files, so that a process that
 * does not need them does not parse them. Half of the code is undici.
 */
async function bundleWorker(options: WorkerOptions, key: string): Promise<string> {
  const { aliases = {}, cwd, entry, replaced = {} } = options;
  const folder = join(cwd, "node_modules", ".sortition-workers");
  const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
  const { outputFiles } = await build({
    entryPoints: { [name]: entry },
    absWorkingDir: cwd,
    bundle: true,
    splitting: true,
    write: false,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    alias: { ...aliases },
    loader: { ".lua": "text" },
    banner: { js: REQUIRE },
    logLevel: "error",
    plugins: [replacing(replaced)],
  });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  const isEntry = ({ path }: OutputFile): boolean => path === file;
  const chunks = outputFiles.filter((output) => !isEntry(output));
  // The entry is written last, because another test process may start workers from the same files
  // at the same time.
  for (const { contents, path } of [...chunks, ...outputFiles.filter(isEntry)]) {
    const written = `${path}.${process.pid}`;
    writeFileSync(written, contents);
    renameSync(written, path);
  }
  return file;
}

/** CommonJS modules in a bundle require Node's modules. */
const REQUIRE = `import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);`;

function replacing(replaced: Readonly<Record<string, string>>): Plugin {
  return {
    name: "replacing",
    setup({ onLoad }) {
      for (const [end, contents] of Object.entries(replaced)) {
        const filter = new RegExp(`${end.replaceAll(".", "\\.")}$`);
        onLoad({ filter }, () => ({ contents, loader: end.endsWith(".lua") ? "text" : "ts" }));
      }
    },
  };
}
