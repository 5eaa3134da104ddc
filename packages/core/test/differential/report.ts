import { inspect } from "node:util";
import type { RunResult, Unexplained } from "./run.js";

/** What a run did and found, for whoever reads its output. */
export function summaryOf(seed: number, result: RunResult): string {
  const deliberate = [...result.deliberate].map(([name, count]) => `${name} ${count}`);
  return [
    `eppo differential: seed ${seed}; ${result.configurations} configurations, ${result.pairs} pairs of configuration and subject, ${result.calls} calls, ${result.events} events; ${result.unexplained.length} unexplained differences`,
    String(result.coverage),
    `deliberate differences: ${deliberate.join(" · ")}`,
    "",
  ].join("\n");
}

/** Some unexplained differences, with what is needed to look into them. */
export function explanationOf(unexplained: readonly Unexplained[]): string {
  return unexplained
    .slice(0, 3)
    .map(({ case: { call, configuration }, differences }) => {
      const { flag, ...asked } = call;
      const wire = JSON.stringify(flag?.wire);
      return `${inspect(differences, { depth: 8 })}\n${inspect(asked, { depth: 4 })}\n${inspect(configuration.profile)}\n${flag?.malformed?.part}: ${wire}`;
    })
    .join("\n\n");
}
