import { describeFaults } from "./describe-faults.js";

describeFaults(["GrowthBook", "Amplitude", "PostHog"]);
