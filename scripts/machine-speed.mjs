// How fast this machine computes, so that processor seconds of two machines, or of two hours of one, can be compared.
import { execFileSync } from "node:child_process";

/** Processor seconds of {@link work} in a new process on the machine on which the budgets of the tests were set. */
const REFERENCE_SECONDS = 0.33;

/** How many times as long as that machine this one takes for the same work at the moment. */
export function machineSlowness() {
  // In a process of its own: how warm the code is must not count.
  const seconds = execFileSync(process.execPath, [import.meta.filename, "measure"]);
  return Number(seconds) / REFERENCE_SECONDS;
}

/** What tests mostly do: reads and writes JSON, looks names up, matches and sorts texts. */
function work() {
  const flags = Array.from({ length: 2_000 }, (_, i) => {
    return [`flag-${i}`, { key: `flag-${i}`, on: i % 2 === 0, values: [i, `${i}`] }];
  });
  const text = JSON.stringify(Object.fromEntries(flags));
  let matches = 0;
  for (let round = 0; round < 150; round++) {
    const flagsByKey = new Map(Object.entries(JSON.parse(text)));
    const keys = [...flagsByKey.keys()].sort().reverse();
    for (const key of keys) if (/^flag-\d*7\d*$/.test(key) && flagsByKey.get(key).on) matches += 1;
  }
  return matches;
}

if (process.argv[2] === "measure") {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6);
}
