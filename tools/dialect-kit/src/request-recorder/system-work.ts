import { createHook } from "node:async_hooks";

/** Work that ends when the system's threads have done it, whatever else happens: hashes and ciphers. */
const TYPES = /^(HASHREQUEST|CIPHERREQUEST|RANDOMBYTESREQUEST)$/;
/** Node's handle of a compression, which is done in several steps: the hook is told of each. */
interface Compression {
  /** What is compressed at the moment. */
  readonly buffer?: unknown;
}
/** That of files, which Node counts itself. */
const FILE_WORK = /^(FSReq|CloseReq)/;

/** Says whether the system is at work for this process. */
export interface SystemWork {
  readonly isUnderWay: boolean;
  stop(): void;
}

/**
 * Follows the system's work from now on.
 *
 * @param withThreads - also compression, hashes and ciphers: then each promise of the process costs more.
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
  /** Between two turns a compression is either in a step or over. */
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
