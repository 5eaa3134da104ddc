// All clients.
import "./process.test.js";
