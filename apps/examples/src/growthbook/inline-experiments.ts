import { type Experiment, GrowthBook } from "@sortition/growthbook";

/** Creates an instance for one user. */
const userOf = (id: string, attributes: object = {}): GrowthBook =>
  new GrowthBook({ attributes: { id, ...attributes } });
const gb = userOf("123", { company: "growthbook", beta: true, country: "US", browser: "chrome" });

// A key and variations are enough.
console.log(gb.run({ key: "my-experiment", variations: ["red", "blue", "green"] }));

// All settings except `force`, which gives everyone in the experiment the same variation.
const experiment: Experiment<number> = {
  key: "my-test",
  variations: [0, 1],
  weights: [0.4, 0.6],
  coverage: 0.8,
  condition: { country: "US", browser: { $in: ["chrome", "firefox"] } },
  hashAttribute: "company",
  namespace: ["pricing", 0, 0.5],
};
console.log(gb.run(experiment).inExperiment, gb.run({ ...experiment, force: 1 }).hashUsed);

// Users of the same company get the same variation.
const byCompany: Experiment<string> = {
  key: "by-company-id",
  variations: ["A", "B"],
  hashAttribute: "company",
};
console.log(
  gb.run(byCompany).value === userOf("456", { company: "growthbook" }).run(byCompany).value,
);

// Complex variations keep their type.
const { value } = gb.run({
  key: "complex",
  variations: [
    ["blue", "large"],
    ["green", "small"],
  ],
});
console.log(value.length);

// Uneven weights, a slow rollout, and two experiments that never share a user.
const counts = { A: 0, B: 0, C: 0, slow: 0, both: 0 };
for (let i = 0; i < 10_000; i++) {
  const user = userOf(`user-${i}`, { beta: i % 2 === 0 });
  const weights = [0.5, 0.25, 0.25];
  counts[user.run<"A" | "B" | "C">({ key: "3-way", variations: ["A", "B", "C"], weights }).value] +=
    1;
  const condition = { beta: true };
  const slow = user.run({ key: "slow-rollout", variations: ["A", "B"], coverage: 0.1, condition });
  if (slow.inExperiment) counts.slow += 1;
  const first = user.run({ key: "first", variations: [0, 1], namespace: ["shared", 0, 0.5] });
  const second = user.run({ key: "second", variations: [0, 1], namespace: ["shared", 0.5, 1] });
  if (first.inExperiment && second.inExperiment) counts.both += 1;
}
console.log(counts);

// Prints:
//   {
//     key: '…',
//     featureId: null,
//     inExperiment: true,
//     hashUsed: true,
//     variationId: …,
//     value: '…',
//     hashAttribute: 'id',
//     hashValue: '123',
//     stickyBucketUsed: false,
//     bucket: …
//   }
//   …
//   true
//   2
//   { A: …, B: …, C: …, slow: …, both: 0 }
