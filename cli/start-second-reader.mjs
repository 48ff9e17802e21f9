// Plain JavaScript, so that a thread of its own can start it: threads do not inherit the loader of seawall.mjs.
import { register } from "tsx/esm/api";

register();
await import("./second-reader-thread.ts");
