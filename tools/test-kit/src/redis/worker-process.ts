import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type OutputFile, type Plugin } from "esbuild";
import { endWithThisProcess } from "./children.js";

/** What a worker has reported. `atMs` is the time of `machineMs` at which it happened. */
export interface WorkerEvent {
  readonly name: string;
  readonly atMs: number;
  readonly [fact: string]: unknown;
}

/** A worker process to start. */
export interface WorkerOptions {
  /** A TypeScript module, which uses `worker-side.ts`. */
  readonly entry: string;
  /** Folder of the package whose dependencies it imports. */
  readonly cwd: string;
  /** What `workerOptions()` returns there. */
  readonly options: unknown;
  /** Other packages to import in place of some, by the names that modules import. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Other content of files that end so: what a test of a test does to the code. */
  readonly replaced?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** How a worker has ended. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running worker process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  readonly isRunning: boolean;
  /** All that it has reported, in order. */
  readonly events: readonly WorkerEvent[];
  /** Resolves with the first event that fits and is or will be there. @throws {Error} if it ends before. */
  event(fits: (event: WorkerEvent) => boolean, timeoutMs?: number): Promise<WorkerEvent>;
  /** Lets it do something. @throws {Error} with its message if it fails there, or if the worker ends. */
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

/** How long what must happen may take on a busy machine. */
const PATIENCE_MS = 40_000;

const builds = new Map<string, Promise<string>>();

/** Starts a worker in a process of its own. */
export async function startWorker(options: WorkerOptions): Promise<WorkerProcess> {
  const { aliases = {}, cwd, entry, nodeOptions = [], replaced = {} } = options;
  const key = JSON.stringify([entry, cwd, aliases, replaced]);
  const bundle = builds.get(key) ?? bundleWorker(options, key);
  builds.set(key, bundle);

  const child = fork(await bundle, [], {
    cwd,
    execArgv: [...nodeOptions],
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
  child.on("error", () => {}); // of a message to a process that has ended
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
    pid: child.pid,
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
        child.send(message, () => {}); // without a callback a lost channel is an "error" event
      }),
    kill(signal) {
      child.kill(signal);
    },
    ended,
  };
}

/**
 * Bundles the entry with all that it imports: a process that has to find its modules takes twice the processor time
 * to start. What a module imports later is in a file of its own, so that a process that never needs it does not parse it:
 * undici is half of all.
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
  // The entry comes last: another process of tests may start workers from the same files at the same time.
  for (const { contents, path } of [...chunks, ...outputFiles.filter(isEntry)]) {
    const written = `${path}.${process.pid}`;
    writeFileSync(written, contents);
    renameSync(written, path);
  }
  return file;
}

/** CommonJS modules in a bundle require those of Node. */
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
