// All failures.
import "./outbox.test.js";
