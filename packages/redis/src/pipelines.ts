/** Limits of the pipelines. */
export interface PipelineLimits {
  readonly batchSize: number;
  readonly isCluster: boolean;
}

/**
 * Divides items into batches of one pipeline each. A pipeline goes to one node, so in a cluster
 * each hash tag has its own pipelines.
 */
export function pipelinesOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { batchSize, isCluster }: PipelineLimits,
): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const tag = isCluster ? key.slice(0, key.indexOf("}")) : "";
    const group = groups.get(tag);
    if (group === undefined) groups.set(tag, [item]);
    else group.push(item);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / batchSize) }, (_, i) =>
      group.slice(i * batchSize, (i + 1) * batchSize),
    ),
  );
}
