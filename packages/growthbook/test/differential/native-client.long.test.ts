// All sessions of each payload.
import "./native-client.test.js";
