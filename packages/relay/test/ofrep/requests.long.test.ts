// All requests.
import "./requests.test.js";
