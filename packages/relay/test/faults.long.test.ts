import { describeFaults } from "./describe-faults.js";
import "./faults.test.js";

describeFaults(["GrowthBook", "Amplitude", "PostHog"]);
