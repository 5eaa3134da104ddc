import { createHook } from "node:async_hooks";

/**
 * Asynchronous resources that end when a thread of the system has done the work: hashes, ciphers,
 * and reads and writes of whole files.
 */
const TYPES = /^(HASHREQUEST|CIPHERREQUEST|RANDOMBYTESREQUEST|FSREQCALLBACK)$/;
/** Node's handle of a compression, which takes several steps. The hook is called for each step. */
interface Compression {
  /** The data of the current step. */
  readonly buffer?: unknown;
}
/** File operations, which Node counts itself. */
const FILE_WORK = /^(FSReq|CloseReq)/;
/** From Node 26 on, Node does not count reads and writes of whole files. Its hooks can leave out promises. */
const hidesFileWork = Number.parseInt(process.versions.node, 10) >= 26;

/** Reports whether the system is working for this process. */
export interface SystemWork {
  readonly isUnderWay: boolean;
  stop(): void;
}

/**
 * Follows the system's work from now on.
 *
 * @param withThreads - whether to include compression, hashes and ciphers. If so, each promise in
 * the process costs more, except on Node 26.
 */
export function watchSystemWork(withThreads: boolean): SystemWork {
  const pending = new Set<number>();
  const compressions = new Set<Compression>();
  const options = {
    trackPromises: false, // older versions ignore it, and their types lack it
    init(id: number, type: string, _trigger: number, resource: object) {
      if (TYPES.test(type)) pending.add(id);
      if (type === "ZLIB") compressions.add(resource);
    },
    after(id: number) {
      pending.delete(id);
    },
    destroy(id: number) {
      pending.delete(id);
    },
  };
  const hook = createHook(options);
  if (withThreads || hidesFileWork) hook.enable();
  /** Between two turns, a compression is either in a step or finished. */
  const isCompressing = (): boolean => {
    for (const it of compressions) if (!it.buffer) compressions.delete(it);
    return compressions.size > 0;
  };
  return {
    get isUnderWay() {
      if (pending.size > 0 || isCompressing()) return true;
      return process.getActiveResourcesInfo().some((it) => FILE_WORK.test(it));
    },
    stop: () => void hook.disable(),
  };
}
