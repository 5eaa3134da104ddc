// All ways to end.
import "./uncaught.test.js";
