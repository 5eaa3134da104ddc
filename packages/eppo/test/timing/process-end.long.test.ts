// All requests.
import "./process-end.test.js";
