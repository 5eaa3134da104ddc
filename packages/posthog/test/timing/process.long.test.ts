// All requests.
import "./process.test.js";
