// All tests of the contract.
import "./contract.test.js";
