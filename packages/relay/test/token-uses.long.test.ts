// All requests.
import "./token-uses.test.js";
