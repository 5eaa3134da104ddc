import { describeFleet } from "./fleet-plan.js";

describeFleet(8);
