// `server-only` throws outside Next; tests and the worker resolve it to this empty module.
export {};
