/** Returns the used bytes of heap and array buffers after a garbage collection. */
export function memoryInUse(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
