import type { History, Served, Stored, WorkerHistory } from "./history.js";

/**
 * Returns violations of the rules that every run must obey, whatever fails: no worker goes back in
 * revision or content, no content is mixed, a revision has one content, no publish with a lower
 * fence is accepted, and all workers agree after one more change.
 */
export function checkHistory(history: History): string[] {
  return [
    ...history.workers.flatMap(checkWorker),
    ...checkRevisions(history.workers),
    ...checkStored(history),
    ...checkEnd(history),
  ];
}

function checkWorker({ faults, id, served }: WorkerHistory): string[] {
  const violations = faults.map((fault) => `${id}: ${fault}`);
  let version: number | null = null;
  let revision: number | null = null;
  for (const now of served) {
    if (now.version !== now.echo) {
      violations.push(`${id}: mixed content, version ${now.version} with echo ${now.echo}`);
    }
    if (version !== null && now.version === null) violations.push(`${id}: lost its configuration`);
    if (version !== null && now.version !== null && now.version < version) {
      violations.push(`${id}: content went back, ${version} > ${now.version}`);
    }
    if (revision !== null && now.revision !== null && now.revision < revision) {
      violations.push(`${id}: revision went back, ${revision} > ${now.revision}`);
    }
    version = now.version ?? version;
    revision = now.revision ?? revision;
  }
  return violations;
}

/** Checks that a revision has one content in all workers. */
function checkRevisions(workers: readonly WorkerHistory[]): string[] {
  const violations: string[] = [];
  const contents = new Map<number, number>();
  for (const { id, served } of workers) {
    for (const { revision, version } of served) {
      if (revision === null || version === null) continue;
      const known = contents.get(revision) ?? version;
      contents.set(revision, known);
      if (known !== version) {
        violations.push(`${id}: revision ${revision} with version ${version}, elsewhere ${known}`);
      }
    }
  }
  return violations;
}

function checkStored({ stored }: History): string[] {
  const violations: string[] = [];
  const shas = new Map<number, string>();
  let greatest: NonNullable<Stored["config"]> | null = null;
  let isAfterLoss = false;
  let lastData = stored[0]?.data;
  for (const { config, data } of stored) {
    if (data !== lastData) isAfterLoss = true;
    lastData = data;
    if (config === null) {
      isAfterLoss = true;
      continue;
    }
    const known = shas.get(config.revision) ?? config.sha;
    shas.set(config.revision, known);
    if (known !== config.sha)
      violations.push(`Redis: revision ${config.revision} has two contents`);
    if (greatest !== null && config.revision > greatest.revision && config.fence < greatest.fence) {
      violations.push(`Redis: a publish with the lower fence ${config.fence} was taken`);
    }
    // A worker may restore an older revision only if Redis was empty. Other data may lack the
    // latest writes.
    if (greatest !== null && config.revision < greatest.revision && !isAfterLoss) {
      violations.push(`Redis: revision went back, ${greatest.revision} > ${config.revision}`);
    }
    if (greatest === null || config.revision >= greatest.revision) {
      greatest = config;
      isAfterLoss = false;
    }
  }
  return violations;
}

function checkEnd({ finalVersion, soleRole, workers }: History): string[] {
  const violations: string[] = [];
  const present = workers.filter(({ final }) => final !== null);
  for (const { id, served } of present) {
    const last = served.at(-1)?.version ?? null;
    if (last !== finalVersion) violations.push(`${id}: ends with ${last}, not ${finalVersion}`);
  }
  const revisions = new Set(present.map(({ served }) => lastRevision(served)));
  if (soleRole !== null && revisions.size > 1) {
    violations.push(
      `the workers end with different revisions: ${[...revisions].map(String).join(", ")}`,
    );
  }
  const holders = present.filter(({ final }) => final?.role === soleRole);
  if (soleRole !== null && holders.length !== 1) {
    violations.push(`${holders.length} workers end as ${soleRole}`);
  }
  return violations;
}

function lastRevision(served: readonly Served[]): number | null {
  return served.at(-1)?.revision ?? null;
}
