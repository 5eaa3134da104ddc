// All signals.
import "./shutdown.test.js";
