// Both clients.
import "./many-events.test.js";
