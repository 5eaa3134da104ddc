/** Bytes of the heap and of array buffers that are in use after garbage collection. */
export function memoryInUse(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
