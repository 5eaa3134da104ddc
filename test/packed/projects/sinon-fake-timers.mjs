import { deepStrictEqual } from "node:assert";
import { createRequire } from "node:module";
import { answersInTime, EXPECTED } from "./flag-in-time.mjs";

const { useFakeTimers } = createRequire(process.env.SINON)("sinon");
const clock = useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
const answers = answersInTime((ms) => clock.setSystemTime(ms));
clock.restore();
deepStrictEqual(answers, EXPECTED);
