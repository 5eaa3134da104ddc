// All changes in all callbacks.
import "./changes-in-callbacks.test.js";
