import { type Experiment, GrowthBook, type Options } from "@sortition/growthbook";

const experiment: Experiment<string> = { key: "checkout-test", variations: ["control", "short"] };

/** Prints one user's variation, and whether it was assigned by chance. */
function show(title: string, options: Options): void {
  const gb = new GrowthBook({
    attributes: { id: "user-1" },
    trackingCallback: () => console.log("tracked"),
    ...options,
  });
  const { value, inExperiment, hashUsed } = gb.run(experiment);
  console.log(`${title}: ${value}, in the experiment: ${inExperiment}, by chance: ${hashUsed}`);
  gb.destroy();
}

show("as in production", {});
// A tester chooses the variation. It is not tracked.
show("forced", { forcedVariations: { "checkout-test": 1 } });
// No user is assigned by chance, so tests are reproducible.
show("in QA mode", { qaMode: true });
show("in QA mode, forced", { qaMode: true, forcedVariations: { "checkout-test": 1 } });
// A browser chooses it: ?checkout-test=1
show("by the URL", { url: "https://shop.example/?checkout-test=1" });
show("disabled", { enabled: false, forcedVariations: { "checkout-test": 1 } });

// Prints:
//   tracked
//   as in production: …, in the experiment: true, by chance: true
//   forced: short, in the experiment: true, by chance: false
//   in QA mode: control, in the experiment: false, by chance: false
//   in QA mode, forced: short, in the experiment: true, by chance: false
//   by the URL: short, in the experiment: true, by chance: false
//   disabled: control, in the experiment: false, by chance: false
