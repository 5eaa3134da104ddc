import { describeFleet } from "./fleet-plan.js";

// The long run has eight workers.
describeFleet(4);
