import { createHook } from "node:async_hooks";

/**
 * Asynchronous resources that end when a thread of the system has done the work: hashes and
 * ciphers.
 */
const TYPES = /^(HASHREQUEST|CIPHERREQUEST|RANDOMBYTESREQUEST)$/;
/** Node's handle of a compression, which takes several steps. The hook is called for each step. */
interface Compression {
  /** The data of the current step. */
  readonly buffer?: unknown;
}
/** File operations, which Node counts itself. */
const FILE_WORK = /^(FSReq|CloseReq)/;

/** Reports whether the system is working for this process. */
export interface SystemWork {
  readonly isUnderWay: boolean;
  stop(): void;
}

/**
 * Follows the system's work from now on.
 *
 * @param withThreads - whether to include compression, hashes and ciphers. If so, each promise in
 * the process costs more.
 */
export function watchSystemWork(withThreads: boolean): SystemWork {
  const pending = new Set<number>();
  const compressions = new Set<Compression>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (TYPES.test(type)) pending.add(id);
      if (type === "ZLIB") compressions.add(resource);
    },
    after(id) {
      pending.delete(id);
    },
    destroy(id) {
      pending.delete(id);
    },
  });
  if (withThreads) hook.enable();
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
