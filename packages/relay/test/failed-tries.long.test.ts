// All statuses.
import "./failed-tries.test.js";
