// Whatever a process does when Redis is down.
import "./unreadable.test.js";
