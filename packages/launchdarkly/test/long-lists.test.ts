import { growthOf } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { clientOf } from "./ours.js";

const FEW = 300;

function times<T>(count: number, create: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => create(i));
}

it.each([
  {
    lists: "targets of users without their variations",
    flagOf: (count: number) => ({
      targets: times(count, (i) => ({ variation: -i, values: [] })),
      contextTargets: times(count, () => ({ contextKind: "user", variation: 1, values: [] })),
    }),
  },
  {
    lists: "rules that give one long list",
    flagOf: (count: number) => ({
      variations: [times(count, (i) => i)],
      rules: times(count, () => ({ variation: 0, clauses: [] })),
    }),
  },
])("compiles two long lists in the time of their sum: $lists", ({ flagOf }) => {
  const compilerOf = (count: number) => {
    const payload = JSON.stringify({ flags: { f: { on: true, ...flagOf(count) } }, segments: {} });
    return () => clientOf(payload).getConfiguration()?.warm();
  };
  const growth = growthOf({ small: compilerOf(FEW), large: compilerOf(10 * FEW) });
  expect(growth).toBeLessThanOrEqual(20);
});
