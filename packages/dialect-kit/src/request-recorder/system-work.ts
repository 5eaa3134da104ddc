import { createHook } from "node:async_hooks";

/** Work that ends when the system's threads have done it, whatever else happens: compression, hashes and ciphers. */
const TYPES = /^(ZLIB|HASHREQUEST|CIPHERREQUEST|RANDOMBYTESREQUEST)$/;
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
  const hook = createHook({
    init(id, type) {
      if (TYPES.test(type)) pending.add(id);
    },
    after(id) {
      pending.delete(id);
    },
    destroy(id) {
      pending.delete(id);
    },
  });
  if (withThreads) hook.enable();
  return {
    get isUnderWay() {
      return pending.size > 0 || process.getActiveResourcesInfo().some((it) => FILE_WORK.test(it));
    },
    stop: () => void hook.disable(),
  };
}
